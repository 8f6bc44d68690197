import { ServiceError } from '@/lib/server/errors';
import { readBody, requireMediaType, route } from '@/lib/server/http';
import { requireProducer } from '@/lib/server/machine-auth/require-producer';
import { conformSubmission } from '@/lib/server/producers/conform-submission';
import { admitBody } from '@/lib/server/records/admit-body';
import { splitLines } from '@/lib/server/records/split-lines';

const MAX_BODY_BYTES = 4 * 1_048_576;
const MAX_LINES = 1_000;
const NDJSON = 'application/x-ndjson';

/** What the caller's records miss, line by line. Nothing is recorded; the signature is held against the caller's keys. */
export const POST = route(async (request: Request): Promise<Response> => {
  requireMediaType(request, [NDJSON, 'application/vnd.dsse+json', 'application/json']);
  return admitBody(request, MAX_BODY_BYTES, async () => {
    const body = await readBody(request, MAX_BODY_BYTES);
    const caller = await requireProducer(request, body);
    const lines = splitLines(body);
    if (lines.length === 0) throw new ServiceError('malformed_request', 'The body holds no line.');
    if (lines.length > MAX_LINES) throw new ServiceError('request_too_large', `At most ${MAX_LINES} lines.`);
    const answer = await conformSubmission(caller, lines);
    return new Response(answer.map((line) => `${JSON.stringify(line)}\n`).join(''), {
      headers: { 'content-type': NDJSON, 'cache-control': 'no-store' },
    });
  });
});
