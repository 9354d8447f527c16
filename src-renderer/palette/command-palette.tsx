/** Every action, found by typing a part of its name. */
import { Command as Cmdk } from 'cmdk';
import { useLayoutEffect, useMemo, useState } from 'react';
import { withCode } from '../look/code-text.tsx';
import { giveFocusBack } from '../look/focus-place.ts';
import { printable } from '../look/printable.ts';
import { Keys } from '../look/tooltip.tsx';
import { showPalette, useOverlays } from '../store/overlays.ts';
import { searchCommands } from './command-search.ts';
import { commands } from './commands.tsx';
import './palette.css';

export function CommandPalette() {
  const open = useOverlays(({ palette }) => palette);
  useFocusBack(open);
  return (
    <Cmdk.Dialog
      open={open}
      onOpenChange={showPalette}
      label="Command palette"
      overlayClassName="scrim"
      contentClassName="palette"
      loop
      // cmdk's own search takes letters that come in this order anywhere, and leaves groups in theirs.
      shouldFilter={false}
    >
      {open ? <Choices /> : null}
    </Cmdk.Dialog>
  );
}

/** An action may put the focus somewhere; else it goes back: the palette has no button of its own. */
function useFocusBack(open: boolean): void {
  useLayoutEffect(() => {
    if (!open) requestAnimationFrame(giveFocusBack);
  }, [open]);
}

function Choices() {
  const [text, setText] = useState('');
  const all = useMemo(() => commands(), []);
  const groups = useMemo(() => searchCommands(all, text), [all, text]);
  return (
    <>
      <Cmdk.Input
        className="palette-input"
        placeholder="What do you want to do?"
        value={text}
        onValueChange={setText}
      />
      <Cmdk.List className="palette-list" label="Actions">
        {groups.map(({ group, commands: list }) => (
          <Cmdk.Group key={group} heading={group} className="palette-group">
            {list.map((command) => (
              <Cmdk.Item
                key={`${command.label} ${command.says ?? ''}`}
                className="menu-item palette-item"
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
        {groups.length === 0 ? <NothingFound text={text.trim()} /> : null}
      </Cmdk.List>
    </>
  );
}

function NothingFound({ text }: { readonly text: string }) {
  return (
    <div className="palette-empty" role="status">
      <strong>No action matches “{printable(text)}”</strong>
      <span>Type a part of its name, or of a phase, a pane, a target or a run.</span>
    </div>
  );
}
