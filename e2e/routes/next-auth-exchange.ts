import NextAuth from 'next-auth';
import { getAuthOptions } from '@/lib/server/identity/auth-options';

export interface SetCookie {
  name: string;
  value: string;
  /** `httponly`, `secure`, `samesite=lax`, `path=/`, … in lower case. */
  flags: string[];
}

export interface Exchange {
  status: number;
  location: string | null;
  cookies: SetCookie[];
  body: string;
}

/** What next-auth's handler needs of a Node response, kept instead of sent. */
class KeptResponse {
  statusCode = 200;
  body = '';
  private readonly headers = new Map<string, string | string[]>();
  status(code: number): this {
    this.statusCode = code;
    return this;
  }
  setHeader(name: string, value: string | string[]): this {
    this.headers.set(name.toLowerCase(), value);
    return this;
  }
  getHeader(name: string): string | string[] | undefined {
    return this.headers.get(name.toLowerCase());
  }
  redirect(location: string): void {
    this.status(302).setHeader('location', location);
  }
  json(value: unknown): void {
    this.body = JSON.stringify(value);
  }
  send(value: unknown): void {
    this.body = typeof value === 'string' ? value : JSON.stringify(value);
  }
  end(): void {}
}

/** One request to next-auth under this console's own options, outside of Next. */
export async function askNextAuth(request: {
  method: 'GET' | 'POST';
  action: string[];
  query?: Record<string, string>;
  body?: Record<string, string>;
  cookies?: Record<string, string>;
  headers?: Record<string, string>;
}): Promise<Exchange> {
  const response = new KeptResponse();
  const { method, action, query = {}, body = {}, cookies = {}, headers = {} } = request;
  const sent = { method, query: { ...query, nextauth: action }, body, cookies, headers };
  await NextAuth(sent as never, response as never, getAuthOptions());
  const location = response.getHeader('location');
  const set = response.getHeader('set-cookie') ?? [];
  return {
    status: response.statusCode,
    location: typeof location === 'string' ? location : null,
    cookies: (Array.isArray(set) ? set : [set]).map(parseSetCookie),
    body: response.body,
  };
}

function parseSetCookie(text: string): SetCookie {
  const [pair = '', ...flags] = text.split(';').map((part) => part.trim());
  const equals = pair.indexOf('=');
  return {
    name: pair.slice(0, equals),
    value: decodeURIComponent(pair.slice(equals + 1)),
    flags: flags.map((flag) => flag.toLowerCase()),
  };
}

/** The cookies as a browser would send them back. */
export function jarOf(cookies: readonly SetCookie[]): Record<string, string> {
  return Object.fromEntries(cookies.map(({ name, value }) => [name, value]));
}
