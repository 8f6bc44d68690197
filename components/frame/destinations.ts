import type { IconName } from '@/components/ui/icon';
import { routes } from '@/lib/client/routes';
import type { ConsolePage } from '@/lib/identity/permissions';

/** Where the rail leads. */
export type Destination = { page: ConsolePage; label: string; href: string; icon: IconName };

export const destinations: Record<ConsolePage, Destination> = {
  queue: { page: 'queue', label: 'Queue', href: routes.queue(), icon: 'queue' },
  decisions: { page: 'decisions', label: 'Decisions', href: routes.decisions(), icon: 'decisions' },
  lineage: { page: 'lineage', label: 'Lineage', href: routes.lineage(), icon: 'lineage' },
  changes: { page: 'changes', label: 'Changes', href: routes.changes(), icon: 'changes' },
  integrity: { page: 'integrity', label: 'Integrity', href: routes.integrity(), icon: 'integrity' },
  insights: { page: 'insights', label: 'Insights', href: routes.insights(), icon: 'insights' },
  vault: { page: 'vault', label: 'Vault & holds', href: routes.vault(), icon: 'vault' },
  settings: { page: 'settings', label: 'Settings', href: routes.settings(), icon: 'settings' },
};

/** True when `pathname` is this destination or lies under it. */
export function isUnder(pathname: string, destination: Destination): boolean {
  return pathname === destination.href || pathname.startsWith(`${destination.href}/`);
}
