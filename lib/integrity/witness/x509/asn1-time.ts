/**
 * Times of X.509 and RFC 3161, in UTC with seconds and `Z` only. asn1js also reads local times and offsets, and rounds
 * fractions through floating point, so the text is read here.
 *
 * UTCTime (tag 23, RFC 5280 §4.1.2.5.1): `YYMMDDhhmmssZ`, 1950 to 2049.
 * GeneralizedTime (tag 24, RFC 5280 §4.1.2.5.2, RFC 3161 §2.4.2): `YYYYMMDDhhmmss[.f…]Z`, fraction without trailing zero.
 */
import { parseInstant } from '@/lib/core/instant';
import { err, type Result } from '@/lib/core/result';
import { contentsOf, type DerNode, universalTagOf } from '@/lib/integrity/witness/x509/der';

const REST = '(?<month>[0-9]{2})(?<day>[0-9]{2})(?<hour>[0-9]{2})(?<minute>[0-9]{2})(?<second>[0-9]{2})';
const UTC_TIME = new RegExp(`^(?<year>[0-9]{2})${REST}Z$`);
const GENERALIZED_TIME = new RegExp(`^(?<year>[0-9]{4})${REST}(?:\\.(?<fraction>[0-9]{0,17}[1-9]))?Z$`);

/** Milliseconds since the Unix epoch, finer fractions cut off; a date that does not exist is refused. */
export function parseAsn1Time(node: DerNode | undefined): Result<number, 'time_syntax'> {
  const tag = universalTagOf(node);
  if (!node || (tag !== 23 && tag !== 24)) return err('time_syntax');
  const text = String.fromCharCode(...contentsOf(node).subarray(0, 40));
  const match = (tag === 23 ? UTC_TIME : GENERALIZED_TIME).exec(text)?.groups;
  if (!match) return err('time_syntax');
  const shortYear = Number(match.year);
  const year = tag === 24 ? shortYear : shortYear + (shortYear < 50 ? 2000 : 1900);
  const millisecond = (match.fraction ?? '').padEnd(3, '0').slice(0, 3);
  const { month, day, hour, minute, second } = match;
  const instant = parseInstant(
    `${String(year).padStart(4, '0')}-${month}-${day}T${hour}:${minute}:${second}.${millisecond}Z`,
  );
  return instant.ok ? instant : err('time_syntax');
}
