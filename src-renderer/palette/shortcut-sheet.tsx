/** All shortcuts on one sheet. */
import { Dialog } from '../look/dialog.tsx';
import { Keys } from '../look/tooltip.tsx';
import { showShortcuts, useOverlays } from '../store/overlays.ts';
import { shortcutGroups } from './shortcuts.ts';

export function ShortcutSheet() {
  const open = useOverlays(({ shortcuts }) => shortcuts);
  return (
    <Dialog open={open} onClose={() => showShortcuts(false)} title="Keyboard shortcuts" wide>
      <div className="shortcut-groups">
        {shortcutGroups().map(({ name, shortcuts }) => (
          <section key={name} className="shortcut-group">
            <h3>{name}</h3>
            <dl>
              {shortcuts.map(({ keys, does }) => (
                <div key={keys} className="shortcut">
                  <dt>{does}</dt>
                  <dd>
                    <Keys keys={keys} />
                  </dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Dialog>
  );
}
