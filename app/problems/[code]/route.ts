import { ERROR_STATUS, type ErrorCode, ServiceError } from '@/lib/server/errors';
import { jsonResponse, route } from '@/lib/server/http';
import { PROBLEM_SENTENCES } from '@/lib/server/problem-sentences';

/** Public: what an error code means (the `type` of our RFC 9457 documents), as HTML for browsers, else JSON. */
export const GET = route(async (request: Request, context: { params: Promise<{ code: string }> }) => {
  const { code } = await context.params;
  if (!isErrorCode(code)) throw new ServiceError('not_found', 'No such error code.');
  const sentence = PROBLEM_SENTENCES[code];
  const status = ERROR_STATUS[code];
  if (!(request.headers.get('accept') ?? '').includes('text/html'))
    return jsonResponse({ code, status, description: sentence });
  return new Response(page(code, status, sentence), {
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': "default-src 'none'; style-src-attr 'unsafe-inline'; frame-ancestors 'none'",
    },
  });
});

function isErrorCode(code: string): code is ErrorCode {
  return Object.hasOwn(ERROR_STATUS, code);
}

/** Every part is our own constant text; nothing from the request is printed. */
function page(code: ErrorCode, status: number, sentence: string): string {
  return `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark"><title>${code}</title>
<body style="font:16px/1.6 system-ui;max-width:40rem;margin:4rem auto;padding:0 1rem">
<main><h1 style="font-size:1.25rem"><code>${code}</code></h1><p>${sentence}</p><p>HTTP status ${status}.</p></main></body></html>
`;
}
