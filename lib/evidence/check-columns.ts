import type { RecordView } from '@/lib/decisions/decision-detail';
import { readRecord } from '@/lib/decisions/read-record';
import type { Check } from '@/lib/integrity/check';

/**
 * That the columns in which the console keeps and finds each record (id, kind, time, stream) say what is signed inside
 * it. A record that cannot be read is another line's finding.
 */
export function checkColumns(views: readonly RecordView[]): Check {
  const base = {
    id: 'record.columns',
    title: 'Columns',
    compared: `id, kind, time and stream beside ${views.length === 1 ? 'the record' : `${views.length.toLocaleString('en')} records`} with what is signed inside`,
  };
  for (const view of views) {
    const read = readRecord(view);
    if (!read.ok) continue;
    const { id, kind, occurred_at: occurredAt, stream } = read.value.payload;
    const wrong = (
      [
        ['id', view.id, id],
        ['kind', view.kind, kind],
        ['time', view.occurredAt, occurredAt],
        ['stream', view.stream, stream],
      ] as const
    ).find(([, stored, signed]) => stored !== signed);
    if (!wrong) continue;
    const [column, stored, signed] = wrong;
    return {
      ...base,
      verdict: 'invalid',
      code: 'projection_differs',
      compared: `the ${column} beside the record with the one signed inside`,
      where: { stream: view.stream, position: view.position },
      expected: signed,
      computed: stored,
    };
  }
  return { ...base, verdict: 'valid' };
}
