/**
 * The options of a build by Nix that a person turns: what each does, whether this user may use it, and where not, what
 * allows it.
 *
 * Who may do what is decided where the store is. Whoever owns it may do everything. A daemon takes from others only what its
 * protocol has a place for, and few settings (Nix: src/libstore/daemon.cc, `ClientSettings::apply`); the rest it ignores with
 * a warning: "ignoring the client-specified setting '…', because it is a restricted setting and you are not a trusted user".
 */
import type { NixConfiguration } from './configuration.ts';

export interface NixUser {
  readonly name: string;
  /** Names of the groups. */
  readonly groups: readonly string[];
  /** Whether this user may write Nix's database: root, or the owner of a single-user installation. */
  readonly ownsStore: boolean;
}

export interface PermittedOption {
  /** The words of the command line, such as `--option sandbox false`. */
  readonly option: string;
  /** What it does, in a sentence. */
  readonly does: string;
  /** `without-effect`: it is taken and changes nothing as things are. */
  readonly permission: 'allowed' | 'refused' | 'without-effect';
  /** Why, in half a sentence. */
  readonly why: string;
  /** What to do where it is not allowed, a line of nix.conf as a rule; null where nothing is to be done. */
  readonly remedy: string | null;
}

/** What a daemon takes from everybody, by `SetOptions` of its protocol or as one of the settings that do no harm. */
const EVERYBODYS_SETTINGS: ReadonlySet<string> = new Set([
  'keep-failed',
  'keep-going',
  'fallback',
  'max-jobs',
  'cores',
  'substitute',
  'build-verbosity',
  'timeout',
  'max-silent-time',
  'build-poll-interval',
  'connect-timeout',
]);

/** Read by the evaluator, which is this user's own process. */
const EVALUATION_SETTINGS: ReadonlySet<string> = new Set([
  'restrict-eval',
  'pure-eval',
  'nix-path',
  'allow-import-from-derivation',
  'allowed-uris',
  'eval-cache',
  'tarball-ttl',
  'access-tokens',
  'flake-registry',
  'accept-flake-config',
  'experimental-features',
  'extra-experimental-features',
]);

/** Where to fetch from: what the daemon lets everybody use is taken. */
const SUBSTITUTERS: ReadonlySet<string> = new Set(['substituters', 'extra-substituters']);

type Configuration = Pick<
  NixConfiguration,
  'trustedUsers' | 'sandbox' | 'store' | 'substituters' | 'trustedSubstituters'
>;

export function isTrusted({ trustedUsers }: Configuration, user: NixUser): boolean {
  if (user.ownsStore) return true;
  return trustedUsers.some(
    (entry) =>
      entry === '*' ||
      entry === user.name ||
      (entry.startsWith('@') && user.groups.includes(entry.slice(1))),
  );
}

/** Whether this user may give Nix a setting for one build (`--option NAME VALUE`). */
export function permittedSetting(
  name: string,
  value: string,
  configuration: Configuration,
  user: NixUser,
): Omit<PermittedOption, 'does'> {
  const option = `--option ${name} ${value}`;
  if (user.ownsStore) return { option, ...allowed(`${user.name} owns the store`) };
  if (isTrusted(configuration, user)) {
    return { option, ...allowed(`${user.name} is a trusted user of the daemon`) };
  }
  if (EVALUATION_SETTINGS.has(name)) {
    return { option, ...allowed('evaluation is this user’s own') };
  }
  const isHarmless = EVERYBODYS_SETTINGS.has(name) || (name === 'builders' && value === '');
  if (isHarmless) return { option, ...allowed('the daemon takes it from everybody') };
  if (SUBSTITUTERS.has(name)) {
    const open = [...configuration.substituters, ...configuration.trustedSubstituters];
    // As the daemon compares them.
    const isOpen = (uri: string): boolean => open.includes(uri) || open.includes(`${uri}/`);
    const closed = value.split(/\s+/).filter((uri) => uri !== '' && !isOpen(uri));
    if (closed.length === 0) return { option, ...allowed('everybody may fetch from there') };
    return refused(option, name, closed.join(' '), user);
  }
  return refused(option, name, value, user);
}

/** A setting that the daemon said it ignores, whatever this user's nix.conf lets one expect. */
export function ignoredOption(
  name: string,
  value: string | null,
  user: NixUser,
): Omit<PermittedOption, 'does'> {
  return refused(
    `the setting ${name}${value === null ? '' : ` = ${value}`}`,
    name,
    value ?? 'VALUE',
    user,
  );
}

function refused(
  option: string,
  name: string,
  value: string,
  user: NixUser,
): Omit<PermittedOption, 'does'> {
  return {
    option,
    permission: 'refused',
    why: `the daemon ignores it, as ${user.name} is no trusted user`,
    remedy: remedyFor(name, value, user),
  };
}

/** All of them for this user on this machine. */
export function permittedOptions(
  configuration: Configuration,
  user: NixUser,
): readonly PermittedOption[] {
  const setting = (name: string, value: string): Omit<PermittedOption, 'does'> =>
    permittedSetting(name, value, configuration, user);
  const { sandbox } = configuration;
  return [
    {
      ...(sandbox === 'off'
        ? unneeded('--option sandbox false', 'the sandbox is off in Nix’s settings')
        : setting('sandbox', 'false')),
      does: 'Builds without a sandbox: the builder sees this machine’s files and network.',
    },
    {
      ...(sandbox === 'relaxed'
        ? unneeded('--option sandbox relaxed', 'it is so in Nix’s settings')
        : setting('sandbox', 'relaxed')),
      does: 'Lets derivations with __noChroot = true out of the sandbox, and no others.',
    },
    noChroot(configuration, user),
    {
      option: '--impure',
      does: 'Lets a flake read the environment, <nixpkgs> and files that are not its own.',
      ...allowed('evaluation is this user’s own'),
    },
    {
      option: '--allow-unfree',
      does: 'Sets NIXPKGS_ALLOW_UNFREE=1: nixpkgs evaluates packages with unfree licences. A flake needs --impure too.',
      ...allowed('evaluation is this user’s own'),
    },
    {
      option: '--set enableParallelBuilding=false',
      does: 'Builds with one make job, which tells a race in a makefile from another fault. Another derivation, so its dependents are built again. Of .nix files alone.',
      ...allowed('evaluation is this user’s own'),
    },
    {
      option: '--set doCheck=true',
      does: 'Runs the package’s tests, or with false leaves them out. Another derivation. Of .nix files alone.',
      ...allowed('evaluation is this user’s own'),
    },
    {
      option: '--keep-failed',
      does: 'Keeps the build directory of a failed build, and says where.',
      ...(user.ownsStore
        ? allowed(`${user.name} owns the store`)
        : allowed('the daemon takes it from everybody; the directory may belong to a build user')),
    },
    {
      option: '--check',
      does: 'Builds again what is there already, and fails where the result differs.',
      ...allowed('everybody may build'),
    },
  ];
}

/** An attribute of the derivation, which needs a setting to have its effect. */
function noChroot(configuration: Configuration, user: NixUser): PermittedOption {
  const option = '__noChroot';
  const does = 'An attribute of a derivation: with true it is built outside the sandbox.';
  if (configuration.sandbox === 'relaxed') {
    return { option, does, ...allowed('sandbox = relaxed is set') };
  }
  if (configuration.sandbox === 'off') {
    return { ...unneeded(option, 'the sandbox is off in Nix’s settings'), does };
  }
  const relaxed = permittedSetting('sandbox', 'relaxed', configuration, user);
  if (relaxed.permission === 'allowed') {
    return {
      option,
      does,
      permission: 'refused',
      why: 'Nix refuses such derivations while sandbox = true',
      remedy: 'for one build: --option sandbox relaxed',
    };
  }
  return { ...relaxed, option, does, remedy: configurationLine('sandbox = relaxed') };
}

type Answer = Pick<PermittedOption, 'permission' | 'why' | 'remedy'>;

function allowed(why: string): Answer {
  return { permission: 'allowed', why, remedy: null };
}

function unneeded(option: string, why: string): Omit<PermittedOption, 'does'> {
  return { option, permission: 'without-effect', why, remedy: null };
}

/** The setting itself opens less than trust, which is as good as being root. */
function remedyFor(name: string, value: string, user: NixUser): string {
  return [
    configurationLine(`${settingThatAllows(name)} = ${value}`),
    `or, for all its settings, which is as good as making ${user.name} root: extra-trusted-users = ${user.name}`,
  ].join('\n');
}

/** What is in nix.conf already stays; and that a user may fetch from somewhere does not make all others do so. */
function settingThatAllows(name: string): string {
  if (SUBSTITUTERS.has(name)) return 'extra-trusted-substituters';
  return name === 'trusted-public-keys' ? `extra-${name}` : name;
}

function configurationLine(line: string): string {
  return `put this line into /etc/nix/nix.conf and restart the daemon: ${line}`;
}
