/** Every action, found by typing a part of its name. */
import { Command as Cmdk } from 'cmdk';
import { useMemo } from 'react';
import { Keys } from '../look/tooltip.tsx';
import { showPalette, useOverlays } from '../store/overlays.ts';
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
    >
      {open ? <Choices /> : null}
    </Cmdk.Dialog>
  );
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
        <Cmdk.Empty className="palette-empty">No action has this name.</Cmdk.Empty>
        {groups.map(([group, list]) => (
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
                <span className="palette-says">{command.says}</span>
                {command.keys === undefined ? null : <Keys keys={command.keys} />}
              </Cmdk.Item>
            ))}
          </Cmdk.Group>
        ))}
      </Cmdk.List>
    </>
  );
}
