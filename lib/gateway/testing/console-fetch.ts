import { POST as outcome } from '@/app/access/v1/approvals/[approvalId]/outcome/route';
import { POST as redeem } from '@/app/access/v1/approvals/[approvalId]/redeem/route';
import { POST as evaluation } from '@/app/access/v1/evaluation/route';
import { POST as cancel } from '@/app/access/v1/requests/[taskId]/cancel/route';
import { GET as task } from '@/app/access/v1/requests/[taskId]/route';
import { POST as submit } from '@/app/access/v1/requests/route';
import { POST as payloads } from '@/app/api/v1/payloads/route';
import { POST as records } from '@/app/api/v1/records/route';

type Handler = (request: Request, id: string) => Promise<Response>;

const ROUTES: [string, RegExp, Handler][] = [
  ['POST', /^\/access\/v1\/evaluation$/, evaluation],
  ['POST', /^\/access\/v1\/requests$/, submit],
  [
    'GET',
    /^\/access\/v1\/requests\/([^/]+)$/,
    (request, taskId) => task(request, { params: Promise.resolve({ taskId }) }),
  ],
  [
    'POST',
    /^\/access\/v1\/requests\/([^/]+)\/cancel$/,
    (request, taskId) => cancel(request, { params: Promise.resolve({ taskId }) }),
  ],
  [
    'POST',
    /^\/access\/v1\/approvals\/([^/]+)\/redeem$/,
    (request, approvalId) => redeem(request, { params: Promise.resolve({ approvalId }) }),
  ],
  [
    'POST',
    /^\/access\/v1\/approvals\/([^/]+)\/outcome$/,
    (request, approvalId) => outcome(request, { params: Promise.resolve({ approvalId }) }),
  ],
  ['POST', /^\/api\/v1\/payloads$/, payloads],
  ['POST', /^\/api\/v1\/records$/, records],
];

/** The console's own route handlers behind `fetch`, without a socket. `seen` collects "METHOD path". */
export function createConsoleFetch(seen: string[] = []): typeof globalThis.fetch {
  return async (input, init) => {
    const request = new Request(input, init);
    const { pathname } = new URL(request.url);
    seen.push(`${request.method} ${pathname}`);
    for (const [method, pattern, handler] of ROUTES) {
      const match = pattern.exec(pathname);
      if (match && method === request.method) return handler(request, match[1] ?? '');
    }
    return new Response('no such route', { status: 404 });
  };
}
