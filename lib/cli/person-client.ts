/**
 * A person's browser session over plain HTTP: sign-in as next-auth's form does it, cookies, and the same requests the
 * review page sends. It knows only what the console answers.
 */
import type { z } from 'zod';
import {
  type DecideRequest,
  type EscalationDetail,
  escalationDetail,
  type QueuePage,
  queuePage,
} from '@/lib/escalations/escalation-view';

export class PersonRequestError extends Error {
  override readonly name = 'PersonRequestError';
  constructor(
    readonly status: number,
    readonly code: string,
  ) {
    super(`${status} ${code}`);
  }
}

export class PersonClient {
  readonly #cookies = new Map<string, string>();

  private constructor(readonly origin: string) {}

  /** @throws PersonRequestError when the console does not let this account in */
  static async signIn(
    origin: string,
    email: string,
    password: string,
    tenant?: string,
  ): Promise<PersonClient> {
    const client = new PersonClient(origin);
    const csrf = (await (await client.#fetch('/api/auth/csrf')).json()) as { csrfToken: string };
    const form = new URLSearchParams({
      csrfToken: csrf.csrfToken,
      email,
      password,
      json: 'true',
      callbackUrl: `${origin}/`,
    });
    const response = await client.#fetch('/api/auth/callback/credentials', {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: form.toString(),
    });
    const answer = (await response.json()) as { url?: string };
    if (!response.ok || answer.url?.includes('error='))
      throw new PersonRequestError(response.status, 'sign_in_refused');
    if (tenant) client.#cookies.set('countersign-tenant', encodeURIComponent(tenant));
    return client;
  }

  /** Somebody who is signed in already: `cookie` is a `Cookie` header of this console. */
  static signedIn(origin: string, cookie: string): PersonClient {
    const client = new PersonClient(origin);
    for (const pair of cookie.split('; ')) {
      const equals = pair.indexOf('=');
      client.#cookies.set(pair.slice(0, equals), pair.slice(equals + 1));
    }
    return client;
  }

  /** `Cookie` header of this session, for a request made elsewhere. */
  get cookie(): string {
    return [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  }

  async #fetch(path: string, init: RequestInit = {}): Promise<Response> {
    const response = await fetch(this.origin + path, {
      ...init,
      redirect: 'manual',
      headers: { origin: this.origin, cookie: this.cookie, ...(init.headers as Record<string, string>) },
    });
    for (const line of response.headers.getSetCookie()) {
      const [pair = ''] = line.split(';');
      const equals = pair.indexOf('=');
      this.#cookies.set(pair.slice(0, equals), pair.slice(equals + 1));
    }
    return response;
  }

  /** GET or POST of JSON, parsed by `schema`. @throws PersonRequestError with the problem's code */
  async request<S extends z.ZodType>(
    method: 'GET' | 'POST',
    path: string,
    schema: S,
    body?: unknown,
  ): Promise<z.infer<S>> {
    const response = await this.#fetch(path, {
      method,
      ...(body === undefined
        ? {}
        : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    });
    const value: unknown = await response.json().catch(() => ({}));
    if (!response.ok)
      throw new PersonRequestError(response.status, String((value as { code?: unknown }).code ?? 'unknown'));
    return schema.parse(value);
  }

  /** A streamed answer, such as the records of a stream; with a body it is asked for by POST. */
  async stream(path: string, body?: unknown): Promise<Response> {
    const response = await this.#fetch(
      path,
      body === undefined
        ? {}
        : {
            method: 'POST',
            body: JSON.stringify(body),
            headers: { 'content-type': 'application/json' },
          },
    );
    if (response.ok) return response;
    const problem = (await response.json().catch(() => ({}))) as { code?: unknown };
    throw new PersonRequestError(response.status, String(problem.code ?? 'stream_refused'));
  }

  listQueue(query = ''): Promise<QueuePage> {
    return this.request('GET', `/api/v1/escalations${query}`, queuePage);
  }

  getEscalation(id: string): Promise<EscalationDetail> {
    return this.request('GET', `/api/v1/escalations/${id}`, escalationDetail);
  }

  async open<S extends z.ZodType>(id: string, schema: S): Promise<z.infer<S>> {
    return this.request('POST', `/api/v1/escalations/${id}/open`, schema, {});
  }

  decide<S extends z.ZodType>(id: string, verdict: DecideRequest, schema: S): Promise<z.infer<S>> {
    return this.request('POST', `/api/v1/escalations/${id}/decide`, schema, verdict);
  }
}
