import { type NextRequest, NextResponse } from 'next/server';
import { formatPagePolicy, SECURITY_HEADERS } from '@/lib/server/page-policy';

/** Where strangers check evidence: that page opens no connection. */
const VERIFY_PATH = '/verify';

/**
 * Gives every page a fresh nonce and the policy that allows only scripts carrying it, and tells the page its own path.
 * Never the only check of anything: Next skips it on some prefetches, so every page and route authorises by itself.
 */
export function proxy(request: NextRequest): NextResponse {
  const nonce = btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(16))));
  const policy = formatPagePolicy(nonce, process.env.NODE_ENV === 'development', {
    fetches: request.nextUrl.pathname !== VERIFY_PATH,
  });
  const headers = new Headers(request.headers);
  headers.set('x-nonce', nonce);
  headers.set('content-security-policy', policy);
  headers.set('x-countersign-path', `${request.nextUrl.pathname}${request.nextUrl.search}`);
  const response = NextResponse.next({ request: { headers } });
  response.headers.set('content-security-policy', policy);
  for (const [name, value] of Object.entries(SECURITY_HEADERS)) response.headers.set(name, value);
  return response;
}

// What machines and the pages' own scripts ask goes straight to its route: a proxy keeps a copy of every body, cuts it off
// at 10 MB, and costs more than many an answer. `next.config.ts` gives those their headers. The verifier page is a file
// for somebody's disk and carries its own policy.
export const config = {
  matcher: [
    '/((?!_next/static|_next/image|api/v1/|access/v1/|log/|mesh/v1/|witness/|\\.well-known/|verify\\.html).*)',
  ],
};
