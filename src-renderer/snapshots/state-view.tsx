/** The second tab: variables and functions of the shell that a phase added, changed or removed. */
import { useMemo, useState } from 'react';
import type { SequenceStep } from '../../src-main/protocol/sequence-diff.ts';
import {
  diffValues,
  splitValue,
  valueSteps,
  type ValueChange,
} from '../../src-main/protocol/value-diff.ts';
import { callEngine } from '../connection/connection.ts';
import { Button } from '../look/button.tsx';
import { classNames } from '../look/class-names.ts';
import { TextField } from '../look/fields.tsx';
import { SearchIcon } from '../look/icons.tsx';
import { printable, printableText } from '../look/printable.ts';
import { EmptyState, ErrorState, Loading } from '../look/states.tsx';
import { KindSign } from './kind-sign.tsx';
import { diffStates } from './state-diff.ts';
import { useAnswer } from './use-answer.ts';

/** Parts that stayed and have this many others between them and a change are left out. */
const AROUND = 2;
/** More parts of a value are shown when asked for. */
const MOST_PARTS = 60;

export function StateView({ from, to }: { readonly from: string | null; readonly to: string }) {
  const answer = useAnswer(`${from ?? ''}\n${to}`, async (signal) => {
    const [old, now] = await Promise.all([
      from === null ? null : callEngine('shellState', { snapshot: from }, signal),
      callEngine('shellState', { snapshot: to }, signal),
    ]);
    return diffStates(old, now);
  });
  const [name, setName] = useState('');
  if (answer.kind === 'waiting') return <Loading label="Reading the shell's state" />;
  if (answer.kind === 'failed') return <ErrorState error={answer.error} />;
  const { directory, variables, functions } = answer.value;
  const wanted = name.trim().toLowerCase();
  const pass = (changes: readonly ValueChange[]) =>
    changes.filter((change) => change.name.toLowerCase().includes(wanted));
  const moved = diffValues(
    directory.old === null ? [] : [['working directory', directory.old]],
    directory.old === null ? [] : [['working directory', directory.now]],
  );
  if (moved.length + variables.length + functions.length === 0) {
    return (
      <EmptyState title="The shell is as it was">
        No variable, function or directory has changed between these states.
      </EmptyState>
    );
  }
  return (
    <div className="state">
      <div className="state-filter">
        <TextField
          label="Filter by name"
          placeholder="Filter by name"
          icon={<SearchIcon />}
          value={name}
          onChange={setName}
        />
      </div>
      <div className="state-list" tabIndex={0} role="group" aria-label="Changes of the shell">
        <ValueList title="Directory" changes={pass(moved)} />
        <ValueList title="Variables" changes={pass(variables)} />
        <ValueList title="Functions" changes={pass(functions)} />
      </div>
    </div>
  );
}

function ValueList({
  title,
  changes,
}: {
  readonly title: string;
  readonly changes: readonly ValueChange[];
}) {
  if (changes.length === 0) return null;
  return (
    <section className="state-section">
      <h3 className="state-title">
        {title} <span className="state-count">{changes.length}</span>
      </h3>
      {changes.map((change) => (
        <ValueCard key={change.name} change={change} />
      ))}
    </section>
  );
}

const LETTERS = { added: 'A', changed: 'M', removed: 'R' } as const;

function ValueCard({ change }: { readonly change: ValueChange }) {
  const [whole, setWhole] = useState(false);
  const steps = useMemo(() => valueSteps(change), [change]);
  const shown = useMemo(() => (whole ? steps.map(stepOf) : shorten(steps)), [steps, whole]);
  const { joint } = splitValue(change.name, change.kind === 'removed' ? change.old : change.now);
  return (
    <article className="state-value" aria-label={`${change.name}, ${change.kind}`}>
      <h4 className="state-name">
        <KindSign kind={LETTERS[change.kind]} />
        <code>{printable(change.name)}</code>
        {joint === 'line' ? null : (
          <span className="state-joint">{joint === 'colon' ? 'search path' : 'list'}</span>
        )}
      </h4>
      <ol className="state-parts">
        {shown.map((part, at) =>
          part.kind === 'gap' ? (
            <li key={at} className="state-gap">
              <Button look="ghost" onClick={() => setWhole(true)}>
                {part.count.toLocaleString('en')} more
              </Button>
            </li>
          ) : (
            <li key={at} className={classNames('state-part', `state-part-${part.kind}`)}>
              {part.kind === 'same' ? null : <span className="visually-hidden">{part.kind}: </span>}
              <code>{part.text === '' ? <i>empty</i> : printableText(part.text)}</code>
            </li>
          ),
        )}
      </ol>
    </article>
  );
}

type Part = SequenceStep | { readonly kind: 'gap'; readonly count: number };

function stepOf(step: SequenceStep): Part {
  return step;
}

/** The changed parts with a few around them; of very many the first. */
function shorten(steps: readonly SequenceStep[]): readonly Part[] {
  const isNear = (at: number) =>
    steps.slice(Math.max(0, at - AROUND), at + AROUND + 1).some(({ kind }) => kind !== 'same');
  const parts: Part[] = [];
  let hidden = 0;
  const flush = () => {
    if (hidden > 0) parts.push({ kind: 'gap', count: hidden });
    hidden = 0;
  };
  steps.forEach((step, at) => {
    if (!isNear(at) || parts.length >= MOST_PARTS) hidden += 1;
    else {
      flush();
      parts.push(step);
    }
  });
  flush();
  return parts;
}
