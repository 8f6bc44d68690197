/** What parses an answer: a zod schema, full or mini. Only its shape is named, so that asking brings no library along. */
export interface AnswerSchema<Answer> {
  safeParse(value: unknown): { success: true; data: Answer } | { success: false };
}

/** RFC 9457 members that this console sends; anything else counts as absent. */
export function readProblem(
  value: unknown,
): Partial<Record<'type' | 'detail' | 'code' | 'request_id', string>> {
  const told: Record<string, unknown> = typeof value === 'object' && value !== null ? { ...value } : {};
  const text = (name: string) => (typeof told[name] === 'string' ? told[name] : undefined);
  return { type: text('type'), detail: text('detail'), code: text('code'), request_id: text('request_id') };
}

/** An answer that is not the wanted one. `status` 0: no answer came. `code` is the server's closed code when it gave one. */
export class RequestError extends Error {
  readonly status: number;
  readonly code: string | null;
  readonly requestId: string | null;

  constructor(message: string, status: number, code: string | null = null, requestId: string | null = null) {
    super(message);
    this.name = 'RequestError';
    this.status = status;
    this.code = code;
    this.requestId = requestId;
  }
}

/** The organisation that this page shows: the console refuses when another tab has moved on to another one. */
export function shownTenant(): Record<string, string> {
  const tenant = globalThis.document?.querySelector<HTMLElement>('[data-tenant]')?.dataset.tenant;
  return tenant === undefined ? {} : { 'x-countersign-tenant': tenant };
}

/**
 * Asks this console and parses the answer. `body` is sent as JSON.
 * Throws `RequestError`: from RFC 9457 problem documents, from answers that do not fit `schema`, and when none came.
 */
export async function fetchJson<Answer>(
  path: string,
  schema: AnswerSchema<Answer>,
  { method = 'GET', body, signal }: { method?: string; body?: unknown; signal?: AbortSignal } = {},
): Promise<Answer> {
  let response: Response;
  try {
    response = await fetch(path, {
      method,
      signal,
      headers: {
        accept: 'application/json',
        ...shownTenant(),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      body: body === undefined ? undefined : JSON.stringify(body),
      credentials: 'same-origin',
      redirect: 'error',
    });
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new RequestError('The console did not answer.', 0);
  }
  const value: unknown = response.status === 204 ? null : await response.json().catch(() => undefined);
  if (!response.ok) {
    const said = readProblem(value);
    const code = said.code ?? said.type?.split(/[/:]/).at(-1) ?? null;
    const requestId = said.request_id ?? response.headers.get('x-request-id');
    throw new RequestError(said.detail ?? 'The console could not do this.', response.status, code, requestId);
  }
  const parsed = schema.safeParse(value);
  if (!parsed.success)
    throw new RequestError('The console gave an answer that cannot be read.', response.status, 'bad_answer');
  return parsed.data;
}
