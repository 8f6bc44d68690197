import { getConfig } from '@/lib/server/config';
import { route } from '@/lib/server/http';

export const dynamic = 'force-dynamic';

/** Where the decision point and the access request service are (AuthZEN Authorization API 1.0 §9, metadata). */
export const GET = route(async (): Promise<Response> => {
  const { origin } = getConfig();
  return Response.json(
    {
      policy_decision_point: origin,
      access_evaluation_endpoint: `${origin}/access/v1/evaluation`,
      access_request_endpoint: `${origin}/access/v1/requests`,
      jwks_uri: `${origin}/.well-known/jwks.json`,
      service_documentation: `${origin}/api/openapi.json`,
    },
    { headers: { 'cache-control': 'public, max-age=300' } },
  );
});
