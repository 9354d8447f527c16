/** User namespaces: really made, and where the kernel refuses, which of its switches is the reason. */
import { readFile } from 'node:fs/promises';
import { absentTool, ok, type Finding } from './doctor-finding.ts';
import { ask, type Answer } from './doctor-question.ts';

export interface NamespaceFacts {
  /** What `unshare --user --map-root-user true` answered. */
  readonly unshare: Answer;
  /** What bubblewrap answered when it was to start a program in a user namespace of its own inside of that one. */
  readonly bwrap: Answer;
  /** Settings under /proc/sys, by their name there; those this kernel lacks are absent. */
  readonly settings: ReadonlyMap<string, string>;
}

const NAME = 'user namespaces';
/** As layers are mounted, and as a phase is entered inside of that. */
const AS_ROOT = ['--user', '--map-root-user'];
const AS_BUILDER = ['--unshare-user', '--uid', '1000', '--gid', '100'];
const APPARMOR = 'kernel/apparmor_restrict_unprivileged_userns';
const CLONE = 'kernel/unprivileged_userns_clone';
const MOST = 'user/max_user_namespaces';

export async function examineNamespaces(): Promise<Finding> {
  const [unshare, bwrap, settings] = await Promise.all([
    ask('unshare', ...AS_ROOT, 'true'),
    ask('unshare', ...AS_ROOT, '--mount', 'bwrap', ...AS_BUILDER, '--ro-bind', '/', '/', 'true'),
    readSettings([APPARMOR, CLONE, MOST]),
  ]);
  return namespaceFinding({ unshare, bwrap, settings });
}

export function namespaceFinding({ unshare, bwrap, settings }: NamespaceFacts): Finding {
  if (unshare.kind === 'absent') return absentTool(NAME, 'unshare');
  // Where bubblewrap is missing, its own finding says so.
  const refused = [unshare, bwrap].find((answer) => !isFine(answer) && !isAbsence(answer));
  if (refused === undefined) return ok(NAME, 'can be made', true);
  return {
    name: NAME,
    status: 'missing',
    found:
      refused.kind === 'answered'
        ? refused.output
        : refused.kind === 'silent'
          ? refused.reason
          : '',
    without: 'snapshots can be listed, compared and read; nothing can be built or entered',
    get: remedy(settings),
    required: true,
  };
}

function isFine(answer: Answer): boolean {
  return answer.kind === 'answered' && answer.exitCode === 0;
}

/** unshare ends with 127 where it cannot find the program it is to start. */
function isAbsence(answer: Answer): boolean {
  return answer.kind === 'absent' || (answer.kind === 'answered' && answer.exitCode === 127);
}

function remedy(settings: ReadonlyMap<string, string>): string {
  if (settings.get(APPARMOR) === '1') {
    return [
      'AppArmor keeps programs without a profile from using them (Ubuntu 23.10 and later). Give unshare and bwrap a profile:',
      ...['unshare', 'bwrap'].map(
        (tool) =>
          `  printf 'abi <abi/4.0>,\\nprofile strata-${tool} /usr/bin/${tool} flags=(unconfined) {\\n  userns,\\n}\\n' | sudo tee /etc/apparmor.d/strata-${tool}`,
      ),
      '  sudo apparmor_parser --replace /etc/apparmor.d/strata-unshare /etc/apparmor.d/strata-bwrap',
      'or allow them to every program, until the next start of the machine:',
      '  sudo sysctl kernel.apparmor_restrict_unprivileged_userns=0',
    ].join('\n');
  }
  if (settings.get(CLONE) === '0') {
    return 'the kernel is set to refuse them to ordinary users (Debian before 11). Allow them:\n  sudo sysctl kernel.unprivileged_userns_clone=1';
  }
  if (settings.get(MOST) === '0') {
    return 'the kernel is set to allow none. Allow some:\n  sudo sysctl user.max_user_namespaces=15000';
  }
  return 'in a container, allow it user namespaces and mounts (docker and podman: --security-opt seccomp=unconfined --cap-add SYS_ADMIN); else see user_namespaces(7)';
}

async function readSettings(names: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const entries = await Promise.all(
    names.map(async (name) => {
      const value = await readFile(`/proc/sys/${name}`, 'utf8').catch(() => null);
      return value === null ? [] : ([[name, value.trim()]] as const);
    }),
  );
  return new Map(entries.flat());
}
