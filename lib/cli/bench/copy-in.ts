import { once } from 'node:events';
import type { Client, Connection } from 'pg';

/** What `pg` calls on a query that it was handed as an object of our own (its `Submittable`). */
interface CopyQuery {
  submit(connection: Connection): void;
  handleCopyInResponse(connection: Connection): void;
  handleCommandComplete(): void;
  handleReadyForQuery(): void;
  handleError(error: Error): void;
}

/** The wire's side of a COPY, which `pg` has and does not declare. */
interface CopyConnection {
  query(text: string): void;
  sendCopyFromChunk(chunk: Buffer): void;
  endCopyFrom(): void;
  sendCopyFail(reason: string): void;
  stream: NodeJS.WritableStream & { writableNeedDrain: boolean };
}

/** `COPY <table> (<columns>) FROM STDIN` in text format, as fast as the server takes it. */
export async function copyIn(
  client: Client,
  table: string,
  columns: readonly string[],
  chunks: Iterable<string>,
): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    let failure: Error | null = null;
    const query: CopyQuery = {
      submit(connection) {
        (connection as unknown as CopyConnection).query(`COPY ${table} (${columns.join(', ')}) FROM STDIN`);
      },
      handleCopyInResponse(connection) {
        const wire = connection as unknown as CopyConnection;
        send(wire, chunks).catch((error: Error) => {
          failure = error;
          wire.sendCopyFail('the sender gave up');
        });
      },
      handleCommandComplete() {},
      handleReadyForQuery() {
        if (failure) reject(failure);
        else resolve();
      },
      handleError(error) {
        failure ??= error;
        reject(failure);
      },
    };
    client.query(query as unknown as Parameters<Client['query']>[0]);
  });
}

async function send(wire: CopyConnection, chunks: Iterable<string>): Promise<void> {
  for (const chunk of chunks) {
    wire.sendCopyFromChunk(Buffer.from(chunk));
    if (wire.stream.writableNeedDrain) await once(wire.stream, 'drain');
  }
  wire.endCopyFrom();
}

/** One value in COPY's text format (PostgreSQL manual, "COPY", Text Format). */
export function copyValue(value: string | number | null | undefined): string {
  if (value === null || value === undefined) return '\\N';
  if (typeof value === 'number') return String(value);
  return /[\\\n\r\t]/.test(value)
    ? value.replace(/[\\\n\r\t]/g, (found) => ESCAPES[found as keyof typeof ESCAPES])
    : value;
}

const ESCAPES = { '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' } as const;
