import { Client } from 'pg';

/**
 * `failed`: the connection was gone before the statement reached the server. `failed but persisted`: the statement took
 * effect, and the connection was gone before the answer came back; for a COMMIT that means everything took effect.
 */
export const FAULTS = ['failed', 'failed but persisted'] as const;
export type Fault = (typeof FAULTS)[number];

type Query = (...args: unknown[]) => Promise<unknown>;
const real = Client.prototype.query as unknown as Query;

interface Connected {
  connection: { stream: { destroy(): void } };
}

/** Text of the statement that these arguments of `query` send. */
function textOf(args: readonly unknown[]): string {
  const [first] = args;
  const text = typeof first === 'string' ? first : ((first as { text?: string })?.text ?? '');
  return text.replaceAll(/\s+/g, ' ').trim();
}

/** Every statement sent while `work` runs goes through `send`; callbacks and promises are both served. */
async function intercept<T>(
  send: (client: Connected, args: unknown[], n: number) => Promise<unknown>,
  work: () => Promise<T>,
): Promise<T> {
  let n = 0;
  const replaced = function (this: Connected, ...args: unknown[]): unknown {
    const callback = typeof args.at(-1) === 'function' ? (args.pop() as (...got: unknown[]) => void) : null;
    const sent = send(this, args, n++);
    if (!callback) return sent;
    sent.then(
      (result) => callback(null, result),
      (error: unknown) => callback(error),
    );
    return undefined;
  };
  Client.prototype.query = replaced as never;
  try {
    return await work();
  } finally {
    Client.prototype.query = real as never;
  }
}

/** The statements that `work` sends, in order. */
export async function listStatements(work: () => Promise<unknown>): Promise<string[]> {
  const statements: string[] = [];
  await intercept((client, args) => {
    statements.push(textOf(args));
    return real.apply(client, args);
  }, work);
  return statements;
}

/** Runs `work` with statement number `at` (from 0) failing; says whether it was reached. */
export async function withFault<T>(
  { at, fault }: { at: number; fault: Fault },
  work: () => Promise<T>,
): Promise<{ reached: boolean; result: T | null }> {
  let reached = false;
  const result = await intercept(async (client, args, n) => {
    if (n !== at) return real.apply(client, args);
    reached = true;
    if (fault === 'failed but persisted') await real.apply(client, args);
    client.connection.stream.destroy();
    throw Object.assign(new Error('Connection terminated unexpectedly'), { code: 'ECONNRESET' });
  }, work).catch(() => null);
  return { reached, result };
}
