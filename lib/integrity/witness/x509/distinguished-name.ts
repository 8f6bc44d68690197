import type { RelativeDistinguishedNames } from 'pkijs';

/** Short names of RFC 4519 and what else certificates of time-stamping authorities carry. */
const ATTRIBUTE_NAMES: Readonly<Record<string, string>> = {
  '2.5.4.3': 'CN',
  '2.5.4.4': 'SN',
  '2.5.4.5': 'serialNumber',
  '2.5.4.6': 'C',
  '2.5.4.7': 'L',
  '2.5.4.8': 'ST',
  '2.5.4.9': 'street',
  '2.5.4.10': 'O',
  '2.5.4.11': 'OU',
  '2.5.4.13': 'description',
  '2.5.4.97': 'organizationIdentifier',
  '0.9.2342.19200300.100.1.25': 'DC',
  '1.2.840.113549.1.9.1': 'emailAddress',
};

/** A name for people, `CN=…, O=…`, the most specific part first; at most 300 characters. Never compared with anything. */
export function describeName(name: RelativeDistinguishedNames): string {
  const parts = name.typesAndValues.map(({ type, value }) => {
    const text = (value as { valueBlock?: { value?: unknown } }).valueBlock?.value;
    return `${ATTRIBUTE_NAMES[type] ?? type}=${typeof text === 'string' ? text : '?'}`;
  });
  const isFirst = (part: string): boolean => part.startsWith('CN=');
  const ordered = [...parts.filter(isFirst), ...parts.filter((part) => !isFirst(part))];
  return ordered
    .join(', ')
    .replace(/[\p{Cc}\p{Cf}]/gu, '�')
    .slice(0, 300);
}
