/** The derivations of a build by Nix, as a tree with a bar of time each: of which only what one sees is drawn. */
import { CheckIcon, ClockIcon, CrossIcon, LogIcon, MinusIcon, PauseIcon } from '../look/icons.tsx';
import { printable } from '../look/printable.ts';
import { Row, RowList } from '../look/row-list.tsx';
import { Spinner } from '../look/states.tsx';
import type { DerivationBuildView, PausedBuildView } from '../../src-main/protocol/methods.ts';
import { duration } from '../timeline/duration.ts';
import { buildStateText, derivationName, type BuildRow, type Span } from './build-rows.ts';

export function DerivationList({
  rows,
  at,
  span,
  now,
  paused,
  onChoose,
}: {
  readonly rows: readonly BuildRow[];
  readonly at: number;
  readonly span: Span | null;
  readonly now: number;
  /** The one that waits at its failure; null for none. */
  readonly paused: PausedBuildView | null;
  readonly onChoose: (derivation: string) => void;
}) {
  return (
    <RowList
      role="tree"
      label="Derivations"
      className="derivations"
      rowId="derivation"
      count={rows.length}
      at={at}
      onChoose={(index) => {
        const row = rows[index];
        if (row !== undefined) onChoose(row.build.derivation);
      }}
    >
      {(index, frame) => {
        const row = rows[index];
        if (row === undefined) return null;
        const { build, depth } = row;
        const pause = paused?.derivation === build.derivation ? paused : null;
        const until = pause?.since ?? now;
        return (
          <Row
            key={build.derivation}
            frame={frame}
            aria-level={depth + 1}
            aria-label={rowName(build, until, pause)}
            className={`derivation derivation-${build.state}`}
            title={printable(build.derivation)}
          >
            <span className="derivation-head" style={{ paddingInlineStart: `${depth}rem` }}>
              {pause === null ? <Sign build={build} /> : <PauseIcon />}
              <span className="derivation-name">{printable(derivationName(build.derivation))}</span>
              <span className="derivation-says">{printable(saysOf(build, until, pause))}</span>
            </span>
            <Bar build={build} span={span} now={until} />
          </Row>
        );
      }}
    </RowList>
  );
}

function Sign({ build }: { readonly build: DerivationBuildView }) {
  switch (build.state) {
    case 'building':
      return <Spinner label="building" />;
    case 'built':
      return <CheckIcon />;
    case 'failed':
    case 'input-failed':
      return <CrossIcon />;
    case 'waiting':
      return <ClockIcon />;
    case 'stopped':
    case 'not-built':
      return <MinusIcon />;
    case 'unknown':
      return <LogIcon />;
  }
}

/** Its phases one after the other, on the time of the whole build. */
function Bar({
  build,
  span,
  now,
}: {
  readonly build: DerivationBuildView;
  readonly span: Span | null;
  readonly now: number;
}) {
  if (span === null) return <LinesBar build={build} />;
  if (build.startedAt === null) return <span className="derivation-bar" />;
  const share = (at: number): number => ((at - span.start) / (span.end - span.start)) * 100;
  const end = build.endedAt ?? now;
  const parts = build.phases.flatMap(({ name, startedAt, endedAt }) =>
    startedAt === null ? [] : [{ name, from: startedAt, to: endedAt ?? end }],
  );
  const shown = parts.length === 0 ? [{ name: '', from: build.startedAt, to: end }] : parts;
  return (
    <span className="derivation-bar" aria-hidden="true">
      {shown.map(({ name, from, to }, index) => (
        <span
          key={index}
          className={`derivation-part derivation-part-${index % 2}`}
          title={name === '' ? duration(to - from) : `${name}, ${duration(to - from)}`}
          style={{
            insetInlineStart: `${share(from)}%`,
            inlineSize: `max(2px, ${share(to) - share(from)}%)`,
          }}
        />
      ))}
    </span>
  );
}

/** Without times: its phases one after the other by what they printed. */
function LinesBar({ build: { phases, lines } }: { readonly build: DerivationBuildView }) {
  return (
    <span className="derivation-bar" aria-hidden="true">
      {phases.map(({ name, line }, index) => {
        const count = (phases[index + 1]?.line ?? lines) - line;
        return (
          <span
            key={index}
            className={`derivation-part derivation-part-${index % 2}`}
            title={`${name}, ${count.toLocaleString('en')} ${count === 1 ? 'line' : 'lines'}`}
            style={{
              insetInlineStart: `${(line / Math.max(1, lines)) * 100}%`,
              inlineSize: `max(2px, ${(count / Math.max(1, lines)) * 100}%)`,
            }}
          />
        );
      })}
    </span>
  );
}

function saysOf(build: DerivationBuildView, now: number, pause: PausedBuildView | null): string {
  const { state, phases, startedAt, endedAt, machine, waitsFor } = build;
  const where = machine === null ? '' : ` on ${machine}`;
  if (state === 'building') {
    const phase = pause === null ? phases.at(-1)?.name : `paused in ${phases.at(-1)?.name ?? 'it'}`;
    const time = startedAt === null ? '' : duration(now - startedAt);
    return [waitsFor ?? phase ?? '', `${time}${where}`].filter((part) => part !== '').join(', ');
  }
  if (state === 'waiting') return waitsFor ?? '';
  const time = startedAt === null || endedAt === null ? '' : duration(endedAt - startedAt);
  if (state === 'built') return `${time}${where}`;
  return [buildStateText(build), `${time}${where}`].filter((part) => part !== '').join(', ');
}

function rowName(build: DerivationBuildView, now: number, pause: PausedBuildView | null): string {
  const says = saysOf(build, now, pause);
  const state = buildStateText(build);
  return `${derivationName(build.derivation)}, ${says.startsWith(state) ? says : `${state}, ${says}`}`;
}
