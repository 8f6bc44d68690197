/**
 * The address of one trace in a tracing UI: `COUNTERSIGN_TRACE_URL` with `{trace_id}` replaced.
 *
 * Worked example: `https://jaeger.example/trace/{trace_id}` and `0af7651916cd43dd8448eb211c80319c` give
 * `https://jaeger.example/trace/0af7651916cd43dd8448eb211c80319c`.
 */
const PLACEHOLDER = '{trace_id}';
const TRACE_ID = /^[0-9a-f]{32}$/;

/** An http or https address without user or password, with exactly one placeholder, which stands after the host. */
export function isTraceTemplate(text: string): boolean {
  if (text.length > 1_000 || text.split(PLACEHOLDER).length !== 2) return false;
  try {
    const { protocol, host, username, password, pathname, search, hash } = new URL(
      text.replace(PLACEHOLDER, '0'.repeat(32)),
    );
    const before = new URL(text.slice(0, text.indexOf(PLACEHOLDER)));
    return (
      /^https?:$/.test(protocol) &&
      username === '' &&
      password === '' &&
      before.host === host &&
      `${pathname}${search}${hash}`.includes('0'.repeat(32))
    );
  } catch {
    return false;
  }
}

/** Null for what is no trace id (W3C Trace Context §3.2.2.3: 32 lowercase hex digits, not all zero). */
export function formatTraceUrl(template: string, traceId: string): string | null {
  return isTraceId(traceId) ? template.replace(PLACEHOLDER, traceId) : null;
}

export function isTraceId(text: string): boolean {
  return TRACE_ID.test(text) && !/^0+$/.test(text);
}
