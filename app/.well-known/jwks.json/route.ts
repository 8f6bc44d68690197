import { listConsoleKeys } from '@/lib/server/health/list-console-keys';
import { jsonResponse, route } from '@/lib/server/http';
import { formatJwks } from '@/lib/tokens/jwks';

export const dynamic = 'force-dynamic';

/**
 * Public: the keys that sign approval tokens, retired ones included, with their validity (RFC 7517). A stolen key stays
 * in the set and is valid at no time at all, so that a gateway that asks again refuses whatever it signed.
 */
export const GET = route(async () => {
  const keys = await listConsoleKeys('approval');
  const jwks = formatJwks(
    keys.map(({ keyid, publicKey, validFrom, retiredAt, compromised }) => ({
      kid: keyid,
      publicKey,
      notBeforeMs: validFrom.getTime(),
      ...(retiredAt ? { notAfterMs: (compromised ? validFrom : retiredAt).getTime() } : {}),
    })),
  );
  return jsonResponse(jwks, {
    headers: {
      'content-type': 'application/jwk-set+json',
      'cache-control': 'public, max-age=300',
      'access-control-allow-origin': '*',
    },
  });
});
