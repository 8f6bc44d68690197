import { MAX_RECORD_BYTES } from '@/lib/integrity/dsse';
import { ServiceError } from '@/lib/server/errors';
import { jsonResponse, problemResponse, readBody, requireMediaType, route } from '@/lib/server/http';
import { admitBody } from '@/lib/server/records/admit-body';
import { formatResult } from '@/lib/server/records/format-result';
import { ingestRecords } from '@/lib/server/records/ingest';
import type { RecordResult } from '@/lib/server/records/record-result';
import { splitLines } from '@/lib/server/records/split-lines';

const MAX_BATCH_BYTES = 16 * 1_048_576;
const MAX_BATCH_LINES = 5_000;
const NDJSON = 'application/x-ndjson';

/** One DSSE envelope, or NDJSON of many. Each record's own signature is its authentication (formats.md §3). */
export const POST = route(async (request: Request) => {
  const type = requireMediaType(request, ['application/vnd.dsse+json', 'application/json', NDJSON]);
  return type === NDJSON
    ? admitBody(request, MAX_BATCH_BYTES, () => receiveMany(request))
    : admitBody(request, MAX_RECORD_BYTES, () => receiveOne(request));
});

async function receiveOne(request: Request): Promise<Response> {
  let body: Uint8Array;
  try {
    body = await readBody(request, MAX_RECORD_BYTES);
  } catch (error) {
    if (error instanceof ServiceError && error.code === 'request_too_large')
      throw new ServiceError('record_too_large', `At most ${MAX_RECORD_BYTES} bytes.`);
    throw error;
  }
  const [result] = await ingestRecords(null, [body]);
  if (!result) throw new ServiceError('malformed_request');
  if (result.status === 'refused') return problemResponse(result.code, result.detail);
  return jsonResponse(formatResult(result), { status: result.status === 'accepted' ? 201 : 200 });
}

async function receiveMany(request: Request): Promise<Response> {
  const lines = splitLines(await readBody(request, MAX_BATCH_BYTES));
  if (lines.length > MAX_BATCH_LINES)
    throw new ServiceError('request_too_large', `At most ${MAX_BATCH_LINES} lines.`);
  if (lines.length === 0) throw new ServiceError('malformed_request', 'The body holds no line.');
  const results = await ingestRecords(null, lines);
  if (results.every(isOutage)) throw new ServiceError('database_unavailable');
  const answer = results.map((result, i) => `${JSON.stringify({ line: i + 1, ...formatResult(result) })}\n`);
  return new Response(answer.join(''), { headers: { 'content-type': NDJSON, 'cache-control': 'no-store' } });
}

function isOutage(result: RecordResult): boolean {
  return result.status === 'refused' && result.code === 'database_unavailable';
}
