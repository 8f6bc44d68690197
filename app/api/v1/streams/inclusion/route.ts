import { z } from 'zod';
import { decodeUtf8 } from '@/lib/core/bytes';
import { formatBase64 } from '@/lib/core/encoding';
import { PAGE_ROLES } from '@/lib/identity/permissions';
import { ServiceError } from '@/lib/server/errors';
import { jsonResponse, parseWith, route } from '@/lib/server/http';
import { requirePerson } from '@/lib/server/identity/require-person';
import { getInclusion } from '@/lib/server/log/get-inclusion';
import { requireStream } from '@/lib/server/records/require-stream';

const query = z.object({
  stream: z.string().max(512),
  position: z.coerce.number().int().min(1).max(Number.MAX_SAFE_INTEGER),
});

/** Inclusion of one record under the latest checkpoint: `{index, size, hashes (base64), checkpoint (note)}`. */
export const GET = route(async (request: Request) => {
  const viewer = await requirePerson(request, PAGE_ROLES.decisions);
  const { stream, position } = parseWith(query, Object.fromEntries(new URL(request.url).searchParams));
  const head = await requireStream(viewer, stream);
  if (position > head.position) throw new ServiceError('not_found', 'No such record.');
  const inclusion = await getInclusion(stream, position);
  if (!inclusion) throw new ServiceError('not_logged_yet', 'The record waits for the next checkpoint.');
  const note = decodeUtf8(inclusion.checkpoint);
  return jsonResponse({
    index: inclusion.index,
    size: inclusion.size,
    hashes: inclusion.hashes.map(formatBase64),
    checkpoint: note.ok ? note.value : '',
  });
});
