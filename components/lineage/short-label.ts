import { elide } from '@/components/ui/elide';

/** A digest or an id keeps its ends; any other label stands whole. */
export function shortLabel(label: string): string {
  if (!/^(?:[a-z0-9-]+:[0-9a-f]{32,}|[a-z]{2,5}_[0-9a-f-]{30,})$/.test(label)) return label;
  const { head, hidden, tail } = elide(label, 4);
  return hidden === '' ? head : `${head}…${tail}`;
}
