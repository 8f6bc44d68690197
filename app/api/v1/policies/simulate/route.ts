import { utf8 } from '@/lib/core/bytes';
import { holdsRole, PAGE_ROLES } from '@/lib/identity/permissions';
import { SETTINGS_ROLES } from '@/lib/identity/settings-sections';
import { parsePolicyDocument } from '@/lib/policy/parse-policy-document';
import { type SimulationLine, simulateRequest } from '@/lib/policy/simulation-report';
import { describeError } from '@/lib/server/describe-error';
import { ServiceError } from '@/lib/server/errors';
import { parseJsonBody, readBody, requireMediaType, route } from '@/lib/server/http';
import { requirePerson } from '@/lib/server/identity/require-person';
import { simulatePolicy } from '@/lib/server/policies/simulate-policy';

export const dynamic = 'force-dynamic';

const MAX_BODY_BYTES = 524_288;

/**
 * Plays a policy over past decisions; changes nothing. The answer is a stream of JSON lines: how far it has come, then the
 * result. A caller that goes away ends it.
 */
export const POST = route(async (request: Request): Promise<Response> => {
  const viewer = await requirePerson(request, SETTINGS_ROLES.policy);
  requireMediaType(request, ['application/json']);
  const { text, days } = parseJsonBody(await readBody(request, MAX_BODY_BYTES), simulateRequest);
  const parsed = parsePolicyDocument(text);
  if (!parsed.ok) throw new ServiceError('policy_invalid', parsed.detail);
  const examples = holdsRole(viewer.roles, PAGE_ROLES.decisions);
  const gone = new AbortController();
  request.signal.addEventListener('abort', () => gone.abort(), { once: true });
  const lines = simulatePolicy(viewer.tenant.id, { text, days, examples, signal: gone.signal });
  return new Response(streamLines(lines, gone), {
    headers: { 'content-type': 'application/x-ndjson', 'cache-control': 'no-store' },
  });
});

function streamLines(
  lines: AsyncGenerator<SimulationLine>,
  gone: AbortController,
): ReadableStream<Uint8Array> {
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const line = await lines.next().catch((error: unknown): IteratorResult<SimulationLine, void> => {
          console.error('a simulation failed', describeError(error));
          return { done: false, value: { type: 'failed', code: 'internal' } };
        });
        if (line.done) controller.close();
        else controller.enqueue(utf8(`${JSON.stringify(line.value)}\n`));
      },
      cancel() {
        gone.abort();
      },
    },
    { highWaterMark: 0 },
  );
}
