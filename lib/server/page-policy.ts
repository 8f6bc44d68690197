/** Headers of every answer. No HSTS: whoever serves the console over https sets it there. */
export const SECURITY_HEADERS = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'permissions-policy':
    'accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), microphone=(), payment=(), usb=(), publickey-credentials-get=(self), publickey-credentials-create=(self)',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
} as const;

/** The policy of an answer that is no page: opened in a browser all the same, it loads and runs nothing. */
export const DATA_POLICY = "default-src 'none'; frame-ancestors 'none'";

/**
 * The Content Security Policy (CSP Level 3) of one page. Scripts run only with this response's `nonce`, or loaded by one
 * that does; nothing is fetched from, sent to or framed by another site. `style=""` stays allowed: bars and virtual
 * lists set their sizes there. React needs `eval` for its messages in `development` only. A page that `fetches` nothing
 * cannot be made to: dropped evidence stays where it is.
 */
export function formatPagePolicy(
  nonce: string,
  development: boolean,
  { fetches = true }: { fetches?: boolean } = {},
): string {
  return [
    "default-src 'self'",
    `script-src 'self' 'nonce-${nonce}' 'strict-dynamic'${development ? " 'unsafe-eval'" : ''}`,
    `style-src-elem 'self' ${development ? "'unsafe-inline'" : `'nonce-${nonce}'`}`,
    "style-src-attr 'unsafe-inline'",
    "img-src 'self' data:",
    "font-src 'self'",
    `connect-src ${fetches || development ? "'self'" : "'none'"}`,
    "worker-src 'self'",
    "frame-src 'none'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "object-src 'none'",
    "manifest-src 'self'",
  ].join('; ');
}
