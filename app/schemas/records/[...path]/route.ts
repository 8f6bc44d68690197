import { formatRecordSchema, recordSchemaPath } from '@/lib/contract/record-json-schema';
import { KIND_NAMES } from '@/lib/contract/record-kinds';
import { SCHEMA_VERSION } from '@/lib/decisions/record-payload';
import { getConfig } from '@/lib/server/config';
import { ServiceError } from '@/lib/server/errors';
import { route } from '@/lib/server/http';

export const dynamic = 'force-dynamic';

/** Public: `/schemas/records/<version>/<kind>.json`, and `/schemas/records/<version>/index.json` that lists them. */
export const GET = route(
  async (_request: Request, { params }: { params: Promise<{ path: string[] }> }): Promise<Response> => {
    const [version, file, ...more] = (await params).path;
    if (version !== SCHEMA_VERSION || more.length > 0) throw new ServiceError('not_found');
    const { origin } = getConfig();
    if (file === 'index.json')
      return answer({
        version: SCHEMA_VERSION,
        payloadType: 'application/vnd.countersign.record.v1+json',
        kinds: Object.fromEntries(KIND_NAMES.map((kind) => [kind, `${origin}${recordSchemaPath(kind)}`])),
      });
    const kind = KIND_NAMES.find((name) => `${name}.json` === file);
    if (!kind) throw new ServiceError('not_found');
    return answer(formatRecordSchema(kind, origin));
  },
);

function answer(document: unknown): Response {
  return new Response(JSON.stringify(document, null, 1), {
    headers: {
      'content-type': 'application/schema+json',
      'cache-control': 'public, max-age=300',
      'access-control-allow-origin': '*',
    },
  });
}
