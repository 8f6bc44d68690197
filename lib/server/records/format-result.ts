import { formatBase64 } from '@/lib/core/encoding';
import type { RecordResult } from './record-result';

/** A result as the API shows it; `link` in base64. */
export function formatResult(result: RecordResult): Record<string, unknown> {
  return result.status === 'refused' ? result : { ...result, link: formatBase64(result.link) };
}
