/** Every action, found by typing a part of its name. */
import { Command as Cmdk, useCommandState } from 'cmdk';
import { useMemo } from 'react';
import { withCode } from '../look/code-text.tsx';
import { printable } from '../look/printable.ts';
import { Keys } from '../look/tooltip.tsx';
import { showPalette, useOverlays } from '../store/overlays.ts';
import { searchScore } from './command-search.ts';
import { commands } from './commands.tsx';
import './palette.css';

export function CommandPalette() {
  const open = useOverlays(({ palette }) => palette);
  return (
    <Cmdk.Dialog
      open={open}
      onOpenChange={showPalette}
      label="Command palette"
      overlayClassName="scrim"
      contentClassName="palette"
      loop
      filter={scoreOf}
    >
      {open ? <Choices /> : null}
    </Cmdk.Dialog>
  );
}

/** Of a command by the keywords that its item carries; cmdk hides what is worth 0. */
function scoreOf(_value: string, text: string, keywords: readonly string[] = []): number {
  const [label = '', group = '', says = ''] = keywords;
  return searchScore({ label, group, says }, text);
}

function Choices() {
  const groups = useMemo(() => {
    const byName = new Map<string, ReturnType<typeof commands>[number][]>();
    for (const command of commands()) {
      byName.set(command.group, [...(byName.get(command.group) ?? []), command]);
    }
    return [...byName];
  }, []);
  return (
    <>
      <Cmdk.Input className="palette-input" placeholder="What do you want to do?" />
      <Cmdk.List className="palette-list" label="Actions">
        <Cmdk.Empty className="palette-empty">
          <NothingFound />
        </Cmdk.Empty>
        {groups.map(([group, list]) => (
          <Cmdk.Group key={group} heading={group} className="palette-group">
            {list.map((command) => (
              <Cmdk.Item
                key={`${command.label} ${command.says ?? ''}`}
                className="menu-item palette-item"
                keywords={[command.label, group, command.says ?? '']}
                value={`${group} ${command.label} ${command.says ?? ''}`}
                onSelect={() => {
                  showPalette(false);
                  command.act();
                }}
              >
                <span className="menu-mark">{command.icon}</span>
                <span className="palette-label">{command.label}</span>
                <span className="palette-says">
                  {command.says === undefined ? null : withCode(command.says)}
                </span>
                {command.keys === undefined ? null : <Keys keys={command.keys} />}
              </Cmdk.Item>
            ))}
          </Cmdk.Group>
        ))}
      </Cmdk.List>
    </>
  );
}

function NothingFound() {
  const text = useCommandState(({ search }) => search).trim();
  return (
    <>
      <strong>No action matches “{printable(text)}”</strong>
      <span>Type a part of its name, or of a phase, a pane, a target or a run.</span>
    </>
  );
}
