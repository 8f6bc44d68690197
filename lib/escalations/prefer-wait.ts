import { parseDecimal } from '@/lib/core/encoding';

/** Milliseconds of the `wait` preference (RFC 7240 §4.3, whole seconds); 0 when there is none that can be read. */
export function parsePreferredWait(header: string | null): number {
  for (const preference of (header ?? '').split(',')) {
    const [name = '', value = ''] = (preference.split(';')[0] ?? '').split('=');
    if (name.trim().toLowerCase() !== 'wait') continue;
    const seconds = parseDecimal(value.trim().replace(/^"(.*)"$/, '$1'));
    return seconds.ok ? Math.min(seconds.value, 86_400) * 1000 : 0;
  }
  return 0;
}
