/** What the file on the left evaluates to: the phases' code, the environment, inputs and outputs. */
import { useEffect, useMemo, useState } from 'react';
import { callEngine } from '../connection/connection.ts';
import { errorParts, isCancelled } from '../connection/error-parts.ts';
import type { WireError } from '../../src-main/protocol/wire.ts';
import { IconButton } from '../look/button.tsx';
import { TextField } from '../look/fields.tsx';
import { CopyIcon, SearchIcon, CodeIcon } from '../look/icons.tsx';
import { printable, printableText } from '../look/printable.ts';
import { EmptyState, ErrorState, Loading } from '../look/states.tsx';
import { TabContent, Tabs } from '../look/tabs.tsx';
import { copyAndTell } from '../store/copy.ts';
import { shownPlan, usePlan } from '../store/plan.ts';
import { useWish } from '../store/wish.ts';
import { derivationParts, filtered, storeName, type Derivation } from './derivation-parts.ts';

type Known =
  | { readonly kind: 'waiting' }
  | { readonly kind: 'ready'; readonly derivation: Derivation }
  | { readonly kind: 'failed'; readonly error: WireError };

type Section = 'phases' | 'environment' | 'inputs' | 'outputs';

export function DerivationSide({
  isDefinedHere,
  goToDefinition,
}: {
  /** Whether the open file binds a name. */
  readonly isDefinedHere: (name: string) => boolean;
  readonly goToDefinition: (name: string) => void;
}) {
  const known = useDerivation();
  switch (known.kind) {
    case 'waiting':
      return <Waiting />;
    case 'failed':
      return <ErrorState error={known.error} />;
    case 'ready':
      return (
        <Parts
          derivation={known.derivation}
          isDefinedHere={isDefinedHere}
          goToDefinition={goToDefinition}
        />
      );
  }
}

function Waiting() {
  const plan = usePlan(({ state }) => state);
  if (plan.kind === 'failed') {
    return (
      <EmptyState title="No derivation">
        {plan.error.positions.length > 0
          ? 'The expression does not evaluate. The error stands at its place in the text.'
          : 'What is missing is said in the timeline.'}
      </EmptyState>
    );
  }
  if (plan.kind === 'none') return <EmptyState title="No derivation">Nothing is open.</EmptyState>;
  return <Loading label="Evaluating" />;
}

function useDerivation(): Known {
  const planned = usePlan(({ state }) => shownPlan(state)?.derivation ?? null);
  const [known, setKnown] = useState<Known>({ kind: 'waiting' });
  useEffect(() => {
    if (planned === null) {
      setKnown({ kind: 'waiting' });
      return undefined;
    }
    const asking = new AbortController();
    // A new derivation takes the place of the old one when it is there: nothing flickers while one edits.
    callEngine('derivation', { wish: useWish.getState().wish }, asking.signal).then(
      (derivation) => setKnown({ kind: 'ready', derivation }),
      (error: unknown) => {
        if (!isCancelled(error)) setKnown({ kind: 'failed', error: errorParts(error) });
      },
    );
    return () => asking.abort();
  }, [planned]);
  return known;
}

function Parts({
  derivation,
  isDefinedHere,
  goToDefinition,
}: {
  readonly derivation: Derivation;
  readonly isDefinedHere: (name: string) => boolean;
  readonly goToDefinition: (name: string) => void;
}) {
  const [section, setSection] = useState<Section>('phases');
  const [words, setWords] = useState('');
  const { code, variables } = useMemo(() => derivationParts(derivation), [derivation]);
  const shown = useMemo(() => filtered(variables, words), [variables, words]);
  const inputs = derivation.inputDerivations.length + derivation.inputSources.length;
  return (
    <div className="derivation-side">
      <p className="derivation-path" title={derivation.path}>
        <span>{storeName(derivation.path)}</span>
        <IconButton
          label="Copy the path of the derivation"
          onClick={() => void copyAndTell(derivation.path, 'The path of the derivation')}
        >
          <CopyIcon />
        </IconButton>
      </p>
      <Tabs<Section>
        label="Parts of the derivation"
        value={section}
        onChange={setSection}
        items={[
          { value: 'phases', label: 'Phases', count: code.length },
          { value: 'environment', label: 'Environment', count: variables.length },
          { value: 'inputs', label: 'Inputs', count: inputs },
          { value: 'outputs', label: 'Outputs', count: derivation.outputs.length },
        ]}
      >
        <TabContent value="phases">
          {code.length === 0 ? (
            <EmptyState title="All phases are the standard ones">
              The derivation brings no code of its own; stdenv&apos;s setup.sh says what each phase
              does.
            </EmptyState>
          ) : (
            <ul className="side-list" tabIndex={0} aria-label="Code of the phases">
              {code.map(([name, text]) => (
                <li key={name}>
                  <div className="side-code-header">
                    <code>{printable(name)}</code>
                    {isDefinedHere(name) ? (
                      <IconButton
                        label={`Go to where ${name} is defined`}
                        onClick={() => goToDefinition(name)}
                      >
                        <CodeIcon />
                      </IconButton>
                    ) : null}
                  </div>
                  <pre className="side-code">{printableText(text.replace(/^\n+|\s+$/g, ''))}</pre>
                </li>
              ))}
            </ul>
          )}
        </TabContent>
        <TabContent value="environment">
          <div className="side-filter">
            <TextField
              label="Filter the environment"
              placeholder="Filter names and values"
              icon={<SearchIcon />}
              value={words}
              onChange={setWords}
              end={<span className="side-count">{`${shown.length} of ${variables.length}`}</span>}
            />
          </div>
          <dl className="side-list" tabIndex={0} aria-label="Environment">
            {shown.map(([name, value]) => (
              <div key={name} className="side-variable">
                <dt>{printable(name)}</dt>
                <dd>
                  {value === '' ? <span className="side-empty">empty</span> : printableText(value)}
                </dd>
              </div>
            ))}
          </dl>
        </TabContent>
        <TabContent value="inputs">
          <dl className="side-list" tabIndex={0} aria-label="Inputs">
            {derivation.inputSources.map((path) => (
              <div key={path} className="side-variable">
                <dt title={path}>{storeName(path)}</dt>
                <dd>source</dd>
              </div>
            ))}
            {derivation.inputDerivations.map(({ path, outputs }) => (
              <div key={path} className="side-variable">
                <dt title={path}>{storeName(path)}</dt>
                <dd>{outputs.join(', ')}</dd>
              </div>
            ))}
          </dl>
        </TabContent>
        <TabContent value="outputs">
          <dl className="side-list" tabIndex={0} aria-label="Outputs">
            {derivation.outputs.map(([name, path]) => (
              <div key={name} className="side-variable">
                <dt>{printable(name)}</dt>
                <dd>{path === '' ? 'known once it is built' : path}</dd>
              </div>
            ))}
            <div className="side-variable">
              <dt>system</dt>
              <dd>{derivation.system}</dd>
            </div>
            <div className="side-variable">
              <dt>builder</dt>
              <dd>{printableText([derivation.builder, ...derivation.args].join(' '))}</dd>
            </div>
          </dl>
        </TabContent>
      </Tabs>
    </div>
  );
}
