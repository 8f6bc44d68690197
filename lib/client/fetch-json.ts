/** What parses an answer: a zod schema, full or mini. Only its shape is named, so that asking brings no library along. */
export interface AnswerSchema<Answer> {
  safeParse(value: unknown): { success: true; data: Answer } | { success: false };
}

/** RFC 9457 members that this console sends; anything else counts as absent. */
function readProblem(value: unknown): Partial<Record<'type' | 'detail' | 'code' | 'request_id', string>> {
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
function shownTenant(): Record<string, string> {
  const tenant = globalThis.document?.querySelector<HTMLElement>('[data-tenant]')?.dataset.tenant;
  return tenant === undefined ? {} : { 'x-countersign-tenant': tenant };
}

/** What is asked of this console beyond its address; `body` is sent as JSON. */
export interface Asked {
  method?: string | undefined;
  body?: unknown;
  signal?: AbortSignal | undefined;
}

/**
 * Asks this console, for answers that are taken in piece by piece.
 * @returns the answer's head, with a status that says yes
 * @throws RequestError from RFC 9457 problem documents and when no answer came; the signal's reason when aborted
 */
export async function fetchAnswer(
  path: string,
  { method = 'GET', body, signal }: Asked = {},
): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(path, {
      method,
      signal,
      headers: {
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
  if (response.ok) return response;
  const said = readProblem(await response.json().catch(() => undefined));
  const code = said.code ?? said.type?.split(/[/:]/).at(-1) ?? null;
  const requestId = said.request_id ?? response.headers.get('x-request-id');
  throw new RequestError(said.detail ?? 'The console could not do this.', response.status, code, requestId);
}

/**
 * Asks this console and parses the answer.
 * @throws RequestError as `fetchAnswer`, and for answers that do not fit `schema`
 */
export async function fetchJson<Answer>(
  path: string,
  schema: AnswerSchema<Answer>,
  asked: Asked = {},
): Promise<Answer> {
  const response = await fetchAnswer(path, asked);
  const value: unknown = response.status === 204 ? null : await response.json().catch(() => undefined);
  const parsed = schema.safeParse(value);
  if (!parsed.success)
    throw new RequestError('The console gave an answer that cannot be read.', response.status, 'bad_answer');
  return parsed.data;
}
