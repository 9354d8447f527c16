/** What one may turn for a run without an edit of the derivation. */
import { Button } from '../look/button.tsx';
import { Select, Switch } from '../look/fields.tsx';
import { SlidersIcon } from '../look/icons.tsx';
import { Popover } from '../look/popover.tsx';
import { useTracers, type Tracer } from '../store/tracers.ts';
import { knobCount, setWish, useWish, withBinds, withNetwork, withTrace } from '../store/wish.ts';
import { LinesField } from './lines-field.tsx';
import { argumentProblem, linesOf, pairsOf, variableProblem } from './pairs.ts';
import { OWN_SWITCHES, SettingRow } from './setting-row.tsx';

export function Knobs() {
  const { wish } = useWish();
  const tracers = useTracers();
  const canTrace = tracers.length > 0;
  const count = knobCount(wish);
  const own = wish.set.filter(([name]) => OWN_SWITCHES.includes(name));
  const variables = wish.set.filter(([name]) => !OWN_SWITCHES.includes(name));
  const off = wish.sandbox === 'off';
  return (
    <Popover
      label="Options of the run"
      trigger={
        <Button
          icon={<SlidersIcon />}
          aria-label={count === 0 ? 'Options' : `Options, ${count} changed`}
          className="knobs-button"
        >
          <span className="run-bar-word">Options</span>
          {count === 0 ? null : <span className="badge">{count}</span>}
        </Button>
      }
    >
      <div className="knobs">
        <h3>Build</h3>
        <SettingRow label="Tests" says={<code>doCheck</code>} name="doCheck" />
        <SettingRow
          label="Parallel building"
          says={<code>enableParallelBuilding</code>}
          name="enableParallelBuilding"
        />
        <Switch
          label="Hold on failure"
          says="The sandbox of a failed phase stays, with its processes"
          checked={wish.hold}
          onChange={(hold) => setWish({ hold })}
        />
        <Switch
          label="Trace libraries"
          says="What each program looks for and where, in the pane Libraries"
          checked={wish.trace.includes('ld')}
          onChange={(traced) => setWish(withTrace(wish, 'ld', traced))}
        />
        <Switch
          label="Trace system calls"
          says={
            canTrace
              ? 'Files each program misses and connections it tries, in the pane Libraries'
              : 'Needs strace, which is not on the PATH of the engine'
          }
          checked={wish.trace.includes('syscalls')}
          disabled={!canTrace && !wish.trace.includes('syscalls')}
          onChange={(traced) => setWish(withTrace(wish, 'syscalls', traced))}
        />
        {tracers.length > 1 ? <TracerRow tracers={tracers} /> : null}
        <LinesField
          label="Variables"
          says="set for the build, one a line"
          placeholder="NIX_DEBUG=1"
          lines={linesOf(variables)}
          problem={variableProblem}
          onChange={(lines) => setWish({ set: [...own, ...pairsOf(lines)].map(copied) })}
        />
        <h3>Sandbox</h3>
        <Switch
          label="Network"
          says={
            off
              ? 'With the sandbox off a build has the host’s network and files'
              : 'Let every phase use the network'
          }
          checked={off || wish.network}
          disabled={off}
          onChange={(network) => setWish(withNetwork(wish, network))}
        />
        {off ? null : (
          <LinesField
            label="Host paths"
            says="shown read-only, one a line: PATH or PATH=INSIDE"
            placeholder="/run/opengl-driver"
            lines={wish.binds}
            onChange={(binds) => setWish(withBinds(wish, binds))}
          />
        )}
        <h3>Evaluation</h3>
        <LinesField
          label="Arguments"
          says="expressions, one a line (--arg)"
          placeholder="withTests=false"
          lines={linesOf(wish.args)}
          problem={argumentProblem}
          onChange={(lines) => setWish({ args: pairsOf(lines) })}
        />
        <LinesField
          label="Text arguments"
          says="one a line (--argstr)"
          placeholder="system=x86_64-linux"
          lines={linesOf(wish.argstrs)}
          problem={argumentProblem}
          onChange={(lines) => setWish({ argstrs: pairsOf(lines) })}
        />
        <Switch
          label="Impure"
          says="A flake may read the environment"
          checked={wish.impure}
          onChange={(impure) => setWish({ impure })}
        />
      </div>
    </Popover>
  );
}

/** The first of them is what a run takes by itself. */
function TracerRow({ tracers }: { readonly tracers: readonly Tracer[] }) {
  const { tracer } = useWish(({ wish }) => wish);
  const [first = 'strace'] = tracers;
  return (
    <div className="switch-row">
      <span className="switch-label">
        Tracer
        <span className="switch-says">What watches system calls</span>
      </span>
      <Select
        label="Tracer"
        value={tracer ?? first}
        options={tracers.map((one) => ({ value: one, label: one }))}
        onChange={(chosen) => setWish({ tracer: chosen === first ? null : chosen })}
      />
    </div>
  );
}

function copied([name, value]: readonly [string, string]): [string, string] {
  return [name, value];
}
