/** A build by Nix for people: a line as each derivation begins and ends, what goes on now, and the report at the end. */
import { faultOf } from '../../engine/nix-build.ts';
import type {
  BuildLog,
  DerivationBuild,
  NixBuildResult,
  PermittedOption,
  Transfer,
} from '../../engine/types.ts';
import { formatBytes } from '../../protocol/byte-size.ts';
import { formatDuration } from '../terminal/human-units.ts';
import type { Style } from '../terminal/style.ts';
import { terminalText } from '../terminal/terminal-text.ts';
import { derivationName, renderLabelled } from './render-heading.ts';
import { symbol } from './symbols.ts';

/** Builds that are shown as going on: more would not fit above a prompt. */
const MOST_SHOWN = 8;

/** What is new of a derivation whose state has changed; null for states that are told otherwise. */
export function renderDerivation(build: DerivationBuild, style: Style): string | null {
  const name = style.bold(derivationName(build.derivation));
  switch (build.state) {
    case 'building':
      return `${symbol('run', style)} ${name}${machineOf(build, style)}`;
    case 'built':
      return `${symbol('succeeded', style)} ${name} ${timeOf(build)}`.trimEnd();
    case 'failed':
      return `${symbol('failed', style)} ${name} ${style.red(`failed${inPhase(build)}`)} ${style.dim(timeOf(build))}`.trimEnd();
    case 'input-failed':
      return `${symbol('skipped', style)} ${style.dim(`${derivationName(build.derivation)} not begun, as an input failed`)}`;
    case 'stopped':
      return `${symbol('skipped', style)} ${style.dim(`${derivationName(build.derivation)} stopped${inPhase(build)}`)}`;
    case 'waiting':
    case 'not-built':
    case 'unknown':
      return null;
  }
}

/** A line that a builder printed, behind its name. */
export function renderBuilderLine(derivation: string, line: string, style: Style): string {
  const text = terminalText(line, style.mode === 'colours' ? 'keep' : 'drop');
  return `${style.dim(`${derivationName(derivation)}>`)} ${text}`.trimEnd();
}

/**
 * What goes on, in a line or a few without colours; the empty string for nothing.
 *
 * @param now milliseconds since 1970
 */
export function renderGoingOn(
  derivations: readonly DerivationBuild[],
  transfers: readonly Transfer[],
  now: number,
): string {
  const building = derivations.filter(({ state }) => state === 'building');
  const built = derivations.filter(({ state }) => state === 'built').length;
  const ended = transfers.filter(({ state }) => state === 'ended').length;
  const bytes = transfers.reduce((sum, { done }) => sum + done, 0);
  const counts = [
    ...(derivations.length > 0 ? [`${built} of ${derivations.length} built`] : []),
    ...(transfers.length > 0 ? [`${ended} of ${transfers.length} fetched`] : []),
    ...(bytes > 0 ? [formatBytes(bytes)] : []),
  ];
  if (counts.length === 0) return '';
  const fetched = transfers.findLast(({ state }) => state === 'running');
  const shown = building.slice(0, MOST_SHOWN);
  const lines = [
    `⋯ ${counts.join(', ')}${fetched === undefined ? '' : `; fetching ${derivationName(fetched.path)}`}`,
    ...shown.map((build) => {
      const phase = build.phases.at(-1)?.name;
      const since = build.startedAt === null ? '' : formatDuration(now - build.startedAt);
      const parts = [derivationName(build.derivation), phase, since, build.machine];
      return `  ▶ ${parts.filter((part) => typeof part === 'string' && part !== '').join('  ')}`;
    }),
    ...(building.length > shown.length ? [`  and ${building.length - shown.length} more`] : []),
  ];
  return lines.map((line) => terminalText(line, 'drop')).join('\n');
}

/** Good builds beyond so many are counted. */
const MOST_BUILT = 20;

/** What a recorded build came to: a line for each derivation, those that went well after the others. */
export function renderBuilds(
  { derivations, transfers }: BuildLog,
  style: Style,
): readonly string[] {
  const built = derivations.filter(({ state }) => state === 'built');
  const others = derivations.filter(({ state }) => state !== 'built');
  const shown = built.slice(0, MOST_BUILT);
  const left = built.length - shown.length;
  return [
    ...[...others, ...shown].map((build) => renderRecorded(build, style)),
    ...(left > 0 ? [style.dim(`and ${left} more built`)] : []),
    ...(transfers.length > 0 ? [style.dim(`${transfers.length} paths fetched or copied`)] : []),
    ...(derivations.length + transfers.length === 0 ? ['nothing was built'] : []),
  ];
}

function renderRecorded(build: DerivationBuild, style: Style): string {
  const told = renderDerivation(build, style);
  const name = derivationName(build.derivation);
  const phases = build.phases.map((phase) => phase.name).join(' ');
  const size = `${build.lines} ${build.lines === 1 ? 'line' : 'lines'}`;
  const untold = build.state === 'unknown' ? name : `${name} not begun`;
  return `${told ?? `${symbol('skipped', style)} ${style.dim(untold)}`}  ${style.dim(`${size}${phases === '' ? '' : `: ${terminalText(phases, 'drop')}`}`)}`;
}

export function renderBuilt(
  { outputs }: NixBuildResult,
  ms: number,
  style: Style,
): readonly string[] {
  return [
    `${symbol('succeeded', style)} ${style.bold('built by Nix')} in ${formatDuration(ms)}`,
    ...outputs.map((path) => `  ${path}`),
  ];
}

export interface FailedReport {
  readonly build: DerivationBuild;
  /** The last lines of its log. */
  readonly tail: readonly string[];
  /** Those that need it directly. */
  readonly neededBy: readonly string[];
  /** The derivation to go on with: its own, or the one that it is without a breakpoint. */
  readonly plain: string;
  /** What lets this user relax the sandbox; null where nothing is needed. */
  readonly relaxed: string | null;
}

/** The failed derivations, the first with its log. */
export function renderNixFailure(
  [first, ...others]: readonly FailedReport[],
  strata: string,
  style: Style,
): readonly string[] {
  if (first === undefined) return [];
  const { build, tail, neededBy, plain } = first;
  const title = `${derivationName(build.derivation)} failed${inPhase(build)}`;
  const whole = `${strata} nix-log ${build.derivation}`;
  return [
    style.bold(style.red(title)),
    ...renderLabelled(
      [
        ['reason', terminalText((build.reason ?? '').split('\n')[0] ?? '', 'drop')],
        ['derivation', plain],
        ...(build.machine === null ? [] : [['machine', build.machine] as const]),
        ...(neededBy.length === 0
          ? []
          : [['needed by', neededBy.map(derivationName).join(', ')] as const]),
      ],
      style,
    ).map((line) => `  ${line}`),
    ...moreReason(build).map((line) => `  ${line}`),
    ...(tail.length === 0
      ? []
      : [
          '',
          style.dim(
            tail.length < build.lines
              ? `The last ${tail.length} lines of its log (all ${build.lines}: ${whole}):`
              : 'Its log:',
          ),
          ...tail.map((line) => `  ${style.dim('│')} ${terminalText(line, 'drop')}`.trimEnd()),
        ]),
    '',
    ...renderNextStep(first, strata, style),
    ...(others.length === 0
      ? []
      : [
          '',
          'Failed too:',
          ...others.map(({ build: other }) => `  ${other.derivation}${inPhase(other)}`),
        ]),
  ];
}

function renderNextStep(
  { plain: derivation, relaxed, build: { reason } }: FailedReport,
  strata: string,
  style: Style,
): readonly string[] {
  const run = `${strata} run ${derivation}`;
  const told = (what: string, commands: readonly string[]): readonly string[] => [
    what,
    '',
    ...commands.map((command) => `    ${style.bold(command)}`),
  ];
  switch (faultOf(reason)) {
    case 'difference':
      return told('Build it in layers too, and see which files differ and which phase made them:', [
        run,
        `${strata} confirm`,
      ]);
    case 'no-chroot':
      return relaxed === null
        ? told('Let it out of the sandbox, and no others:', [
            `${strata} nix-build ${derivation} --option sandbox relaxed`,
          ])
        : [
            'It is built where the sandbox is relaxed, which is not yours to say here:',
            ...relaxed.split('\n'),
          ];
    case 'no-machine':
      return [
        'No machine that Nix knows builds for that system. Name one that does in nix.conf (builders), or let this one run its',
        'programs: binfmt_misc with QEMU, and extra-platforms.',
      ];
    case 'builder':
    case 'other':
      return told('Build it phase by phase, each in a layer, and enter the state it fails in:', [
        run,
      ]);
  }
}

/** An option that does not count, said before the build. */
export function renderRefused(
  { option, why, remedy }: Omit<PermittedOption, 'does'>,
  style: Style,
): readonly string[] {
  return [
    `${style.yellow('strata:')} ${option} does not count: ${why}`,
    ...(remedy === null ? [] : remedy.split('\n').map((line) => `  ${line}`)),
  ];
}

export function renderOptions(
  options: readonly PermittedOption[],
  style: Style,
): readonly string[] {
  return options.flatMap(({ option, does, permission, why, remedy }) => {
    const mark = { allowed: 'succeeded', refused: 'failed', 'without-effect': 'skipped' } as const;
    return [
      `${symbol(mark[permission], style)} ${style.bold(option)}  ${style.dim(why)}`,
      `    ${does}`,
      ...(remedy === null ? [] : remedy.split('\n').map((line) => `    ${line}`)),
    ];
  });
}

/** Hash mismatches and their like say more than a line. */
function moreReason({ reason }: DerivationBuild): readonly string[] {
  const lines = (reason ?? '').split('\n').slice(1, 6);
  return lines.map((line) => terminalText(line, 'drop')).filter((line) => line.trim() !== '');
}

/** Of what is not the builder's fault, its last phase says nothing. */
function inPhase({ phases, reason }: DerivationBuild): string {
  if (faultOf(reason) !== 'builder') return '';
  const last = phases.at(-1);
  return last === undefined ? '' : ` in ${terminalText(last.name, 'drop')}`;
}

function machineOf({ machine }: DerivationBuild, style: Style): string {
  return machine === null ? '' : style.dim(` on ${terminalText(machine, 'drop')}`);
}

function timeOf({ startedAt, endedAt }: DerivationBuild): string {
  return startedAt === null || endedAt === null || endedAt === startedAt
    ? ''
    : formatDuration(endedAt - startedAt);
}
