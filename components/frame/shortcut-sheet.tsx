'use client';

import { Dialog } from '@/components/ui/dialog';
import { useShortcutGroups } from '@/lib/client/shortcuts';
import { showOverlay } from './overlay';

/** Every key that works on this page now. */
export function ShortcutSheet() {
  const groups = useShortcutGroups();
  return (
    <Dialog open onClose={() => showOverlay(null)} title="Keyboard shortcuts">
      <div className="sheet-keys">
        {groups.map((group) => (
          <section key={group.title}>
            <h3>{group.title}</h3>
            <ul>
              {group.shortcuts.map((shortcut) => (
                <li key={shortcut.keys}>
                  {shortcut.what}
                  <span>
                    {shortcut.keys.split(' ').map((key) => (
                      <kbd key={key}>{key}</kbd>
                    ))}
                  </span>
                </li>
              ))}
            </ul>
          </section>
        ))}
      </div>
    </Dialog>
  );
}
