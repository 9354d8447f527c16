/** Nix: its version, whether its store answers, and the settings that decide what a build sees. */
import { existsSync } from 'node:fs';
import { connect } from 'node:net';
import { availableParallelism } from 'node:os';
import { hostToolPaths } from '../host/host-tools.ts';
import {
  readConfiguration,
  type NixConfiguration,
  type SandboxPath,
} from '../nix/configuration.ts';
import { isTrusted, type NixUser } from '../nix/permitted-options.ts';
import { StrataError } from '../protocol/errors.ts';
import { absentTool, ok, type Finding } from './doctor-finding.ts';
import { PATIENCE_MS, ask, type Answer } from './doctor-question.ts';
import { versionIn } from './doctor-tools.ts';
import { thisUser } from './nix-user.ts';

export interface NixFacts {
  /** What `nix --version` answered. */
  readonly version: Answer;
  /** What the store answered when asked for a path that no store has. */
  readonly store: Answer;
  /** The settings, or why they cannot be read. */
  readonly configuration: NixConfiguration | StrataError;
  readonly user: NixUser;
  /** A store that belongs to its user alone has no daemon. */
  readonly daemon: 'listens' | 'none';
  /** Where this host has the programs that the bundled examples build with; none where it has no /bin/bash. */
  readonly hostTools: readonly string[];
}

/** Valid in its form and in no store, so that the answer costs the store one look-up. */
const NO_PATH = '/nix/store/00000000000000000000000000000000-strata-doctor';

export async function examineNix(): Promise<readonly Finding[]> {
  const [version, store, configuration, user, daemon] = await Promise.all([
    // Not nix-store: that one opens the store even to say its version.
    ask('nix', '--version'),
    ask('nix-store', '--check-validity', '--print-invalid', NO_PATH),
    configurationOrReason(),
    thisUser(),
    askDaemon(),
  ]);
  const hostTools = existsSync('/bin/bash') ? hostToolPaths() : [];
  return nixFindings({ version, store, configuration, user, daemon, hostTools });
}

export function nixFindings(facts: NixFacts): readonly Finding[] {
  const { version, store, configuration } = facts;
  if (version.kind === 'absent') return [absentTool('Nix', 'nix-store')];
  if (version.kind === 'silent')
    return [{ ...absentTool('Nix', 'nix-store'), found: version.reason }];
  const nix = ok('Nix', versionIn(version.output), true);
  const storeAnswer = storeFinding(store);
  if (configuration instanceof StrataError)
    return [nix, storeAnswer, unreadableSettings(configuration)];
  return [
    nix,
    storeAnswer,
    sandboxFinding(configuration, facts),
    sandboxPathsFinding(configuration, facts),
    // Who is trusted is a question only where there is a store to be trusted with.
    ...(storeAnswer.status === 'ok' ? [trustFinding(configuration, facts.user)] : []),
  ];
}

/** With `--print-invalid` the store that answers names the path and ends with 0; any other end is a refusal. */
function storeFinding(store: Answer): Finding {
  const name = 'Nix store';
  if (store.kind === 'answered' && store.exitCode === 0) return ok(name, 'answers', true);
  const reason =
    store.kind === 'absent'
      ? 'nix-store is gone'
      : store.kind === 'silent'
        ? store.reason
        : lastError(store.output);
  return {
    name,
    status: 'missing',
    found: reason,
    without: 'snapshots can be listed, compared and read; nothing can be built',
    get: remedyForStore(reason),
    required: true,
  };
}

/** Nix's last `error:` line, which is the cause; its earlier lines are where. */
function lastError(output: string): string {
  const errors = output.split('\n').filter((line) => /\berror:/.test(line));
  return (errors.at(-1) ?? output).replace(/^.*?error:\s*/, '');
}

function remedyForStore(reason: string): string {
  if (/daemon-socket.*Permission denied/.test(reason)) {
    return 'join the group that may use the daemon, then log in again. On Debian and Ubuntu:\n  sudo adduser "$USER" nix-users';
  }
  if (/Connection refused|daemon-socket.*No such file/.test(reason)) {
    return 'start the daemon, or run nix-daemon as root where there is no systemd:\n  sudo systemctl enable --now nix-daemon.socket';
  }
  if (reason.includes('Permission denied')) {
    return 'start Nix’s daemon (as root: nix-daemon), or install Nix for this user: https://nixos.org/download';
  }
  return 'see the manual of Nix: https://nix.dev/manual/nix';
}

function unreadableSettings(error: StrataError): Finding {
  const [firstLine = ''] = (error.output ?? '').split('\n');
  return {
    name: 'Nix settings',
    status: 'limited',
    found: firstLine === '' ? error.reason : firstLine,
    without: 'nothing can be built, as the sandbox is to be the one that Nix is set to',
    get: 'correct what Nix complains about in /etc/nix/nix.conf, ~/.config/nix/nix.conf or NIX_CONFIG',
    required: true,
  };
}

function sandboxFinding({ sandbox }: NixConfiguration, facts: NixFacts): Finding {
  const name = 'Nix sandbox';
  if (sandbox === 'off') {
    return {
      name,
      status: 'limited',
      found: 'off (sandbox = false)',
      without:
        'Nix itself builds without a sandbox here, so a build may succeed with nix-build and fail in Strata',
      get: `${putIntoSettings(facts)}\n  sandbox = true`,
      required: false,
    };
  }
  return ok(name, sandbox === 'relaxed' ? 'on, relaxed for __noChroot' : 'on');
}

/** What every sandbox shows of the host. Builds of nixpkgs need nothing of it, those with the host's own tools do. */
function sandboxPathsFinding({ sandboxPaths }: NixConfiguration, facts: NixFacts): Finding {
  const name = 'sandbox-paths';
  const found =
    sandboxPaths.length === 0 ? 'none' : sandboxPaths.map(({ inside }) => inside).join(' ');
  const { hostTools } = facts;
  const lacking = hostTools.filter(
    (path) => !sandboxPaths.some(({ inside }) => isWithin(path, inside)),
  );
  if (lacking.length === 0) return ok(name, found);
  // Nix's usual /bin/sh goes where all of /bin is shown.
  const others = sandboxPaths.filter(
    ({ inside }) => !hostTools.some((path) => isWithin(inside, path)),
  );
  return {
    name,
    status: 'limited',
    found,
    without: `derivations of nixpkgs build, as their tools are in the store; those that use this host's, the bundled examples among them, do not see ${lacking.join(' ')}`,
    get: [
      `for such ones, ${putIntoSettings(facts)}`,
      `  sandbox-paths = ${[...hostTools, ...others.map(settingText)].join(' ')}`,
      'or show them to one run:',
      `  strata run TARGET ${lacking.map((path) => `--bind ${path}`).join(' ')}`,
    ].join('\n'),
    required: false,
  };
}

function isWithin(path: string, directory: string): boolean {
  return path === directory || path.startsWith(`${directory.replace(/\/$/, '')}/`);
}

function settingText({ inside, outside, optional }: SandboxPath): string {
  return `${inside === outside ? inside : `${inside}=${outside}`}${optional ? '?' : ''}`;
}

function putIntoSettings({ daemon }: Pick<NixFacts, 'daemon'>): string {
  const restart = daemon === 'listens' ? ', and restart the daemon' : '';
  return `put this line into /etc/nix/nix.conf${restart}:`;
}

/** Whether this user may tell Nix where to fetch from. */
function trustFinding(configuration: NixConfiguration, user: NixUser): Finding {
  const name = 'Nix trust';
  if (user.ownsStore) return ok(name, `${user.name} owns the store`);
  if (isTrusted(configuration, user)) return ok(name, `${user.name} is a trusted user`);
  return {
    name,
    status: 'limited',
    found: `${user.name} is no trusted user of the daemon`,
    without:
      'builds work; --option for sandbox-paths, substituters and builders is ignored by the daemon when inputs are built',
    get: `where that is wanted (it is as good as being root), put this line into /etc/nix/nix.conf, and restart the daemon:\n  extra-trusted-users = ${user.name}`,
    required: false,
  };
}

/** The socket stays where it was made when its daemon has gone. */
async function askDaemon(): Promise<NixFacts['daemon']> {
  const path = process.env['NIX_DAEMON_SOCKET_PATH'] ?? '/nix/var/nix/daemon-socket/socket';
  return new Promise((resolve) => {
    const socket = connect({ path, timeout: PATIENCE_MS });
    const end = (answer: NixFacts['daemon']): void => {
      socket.destroy();
      resolve(answer);
    };
    socket.once('connect', () => end('listens'));
    socket.once('timeout', () => end('none'));
    // EACCES: it is there, for others than this user.
    socket.once('error', (error) =>
      end('code' in error && error.code === 'EACCES' ? 'listens' : 'none'),
    );
  });
}

async function configurationOrReason(): Promise<NixConfiguration | StrataError> {
  try {
    return await readConfiguration(availableParallelism(), [], AbortSignal.timeout(PATIENCE_MS));
  } catch (error) {
    if (error instanceof StrataError) return error;
    throw error;
  }
}
