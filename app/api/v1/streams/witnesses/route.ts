import { z } from 'zod';
import { decodeUtf8 } from '@/lib/core/bytes';
import { formatBase64 } from '@/lib/core/encoding';
import { PAGE_ROLES } from '@/lib/identity/permissions';
import { ServiceError } from '@/lib/server/errors';
import { jsonResponse, parseWith, route } from '@/lib/server/http';
import { requirePerson } from '@/lib/server/identity/require-person';
import { requireStream } from '@/lib/server/records/require-stream';
import { listWitnessEvidence } from '@/lib/server/witnesses/list-witness-evidence';

const query = z.object({
  stream: z.string().max(512),
  position: z.coerce.number().int().min(1).max(Number.MAX_SAFE_INTEGER),
});

/**
 * What outside witnesses say of one record: `{witnesses: [{witness, type, receipt (base64), inclusion}]}`, each with the
 * record's inclusion under the checkpoint that was stamped, as `/api/v1/streams/inclusion` answers it.
 */
export const GET = route(async (request: Request) => {
  const viewer = await requirePerson(request, PAGE_ROLES.decisions);
  const { stream, position } = parseWith(query, Object.fromEntries(new URL(request.url).searchParams));
  const head = await requireStream(viewer, stream);
  if (position > head.position) throw new ServiceError('not_found', 'No such record.');
  const evidence = await listWitnessEvidence(stream, position);
  return jsonResponse({
    witnesses: evidence.map(({ witness, type, receipt, inclusion }) => {
      const note = decodeUtf8(inclusion.checkpoint);
      return {
        witness,
        type,
        receipt: formatBase64(receipt),
        inclusion: {
          index: inclusion.index,
          size: inclusion.size,
          hashes: inclusion.hashes.map(formatBase64),
          checkpoint: note.ok ? note.value : '',
        },
      };
    }),
  });
});
