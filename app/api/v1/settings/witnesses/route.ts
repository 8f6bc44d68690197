import { addWitnessRequest, changeWitnessRequest } from '@/lib/evidence/witness-view';
import { jsonResponse, parseJsonBody, readBody, requireMediaType, route } from '@/lib/server/http';
import { requirePerson } from '@/lib/server/identity/require-person';
import { addWitness, changeWitness } from '@/lib/server/witnesses/write-witness';

/** A private key in PEM is the longest setting. */
const MAX_BODY_BYTES = 32_768;

/** Registers an outside witness of the log; only an administrator may, and it is a record in every journal. */
export const POST = route(async (request: Request): Promise<Response> => {
  const viewer = await requirePerson(request, ['admin']);
  requireMediaType(request, ['application/json']);
  const body = parseJsonBody(await readBody(request, MAX_BODY_BYTES), addWitnessRequest);
  await addWitness({ ...body, by: viewer.person.id });
  return jsonResponse({ name: body.name }, { status: 201 });
});

/** Changes, disables or enables a witness; what is not named stays as it is. */
export const PUT = route(async (request: Request): Promise<Response> => {
  const viewer = await requirePerson(request, ['admin']);
  requireMediaType(request, ['application/json']);
  const body = parseJsonBody(await readBody(request, MAX_BODY_BYTES), changeWitnessRequest);
  await changeWitness({ ...body, by: viewer.person.id });
  return jsonResponse({ name: body.name });
});
