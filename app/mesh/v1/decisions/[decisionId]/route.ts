import { jsonResponse, route } from '@/lib/server/http';
import { requirePeer } from '@/lib/server/mesh/require-peer';
import { shareDecision } from '@/lib/server/mesh/share-decision';

type Context = { params: Promise<{ decisionId: string }> };

export const dynamic = 'force-dynamic';

/** A decision with its proof, for another console to which its organisation gives decisions. */
export const GET = route(async (request: Request, { params }: Context): Promise<Response> => {
  const peer = await requirePeer(request, new Uint8Array(0));
  return jsonResponse(await shareDecision(peer, (await params).decisionId));
});
