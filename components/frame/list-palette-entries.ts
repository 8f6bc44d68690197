import type { IconName } from '@/components/ui/icon';
import { type FindKind, parseFind } from '@/lib/client/parse-find';
import type { ConsolePage } from '@/lib/identity/permissions';
import { destinations } from './destinations';

/** One line of the palette: an address to go to, or something to do here. */
export type PaletteEntry = { key: string; icon: IconName; label: string; note?: string } & (
  | { href: string }
  | { action: PaletteAction }
);
export type PaletteAction = 'light' | 'dark' | 'system' | 'home-zone' | 'utc' | 'shortcuts' | 'sign-out';

const icons: Record<FindKind, IconName> = {
  decision: 'decisions',
  escalation: 'hand',
  approval: 'check',
  record: 'doc',
  subject: 'person',
  trace: 'lineage',
  digest: 'rehash',
  search: 'search',
};

const ACTIONS: readonly (PaletteEntry & { action: PaletteAction })[] = [
  { key: 'light', icon: 'sun', label: 'Theme: light', action: 'light' },
  { key: 'dark', icon: 'moon', label: 'Theme: dark', action: 'dark' },
  { key: 'system', icon: 'settings', label: 'Theme: as the system', action: 'system' },
  { key: 'home-zone', icon: 'clock', label: 'Times in IST', action: 'home-zone' },
  { key: 'utc', icon: 'clock', label: 'Times in UTC', action: 'utc' },
  { key: 'shortcuts', icon: 'more', label: 'Keyboard shortcuts', action: 'shortcuts' },
  { key: 'sign-out', icon: 'sign-out', label: 'Sign out', action: 'sign-out' },
];

/**
 * What the palette offers for a text: where it leads when it is an id, token, trace, digest or search; else the pages
 * that this person may open and the things to do whose words hold it.
 */
export function listPaletteEntries(
  text: string,
  pages: readonly ConsolePage[],
): { entries: PaletteEntry[]; problem: 'unreadable_token' | 'too_long' | null } {
  const { finds, problem } = parseFind(text);
  if (finds.length > 0 || problem !== undefined) {
    const entries = finds.map((find) => ({
      key: find.href,
      icon: icons[find.kind],
      label: find.label,
      note: find.note,
      href: find.href,
    }));
    return { entries, problem: problem ?? null };
  }
  const wanted = text.trim().toLowerCase();
  const places = pages.map((page) => {
    const { label, href, icon } = destinations[page];
    return { key: page, icon, label: `Go to ${label}`, href };
  });
  return {
    entries: [...places, ...ACTIONS].filter((entry) => entry.label.toLowerCase().includes(wanted)),
    problem: null,
  };
}
