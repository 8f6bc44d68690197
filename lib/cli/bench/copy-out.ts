import type { Client, Connection } from 'pg';

/**
 * `COPY (<query>) TO STDOUT`, counted and thrown away: how fast the database gives its rows out.
 * @returns bytes
 */
export function copyOut(client: Client, query: string): Promise<number> {
  let bytes = 0;
  return new Promise((resolve, reject) => {
    const submitted = {
      submit(connection: Connection) {
        (connection as unknown as { query(text: string): void }).query(`COPY (${query}) TO STDOUT`);
      },
      handleCopyData(message: { chunk: Buffer }) {
        bytes += message.chunk.length;
      },
      handleCommandComplete() {},
      handleReadyForQuery() {
        resolve(bytes);
      },
      handleError(error: Error) {
        reject(error);
      },
    };
    client.query(submitted as unknown as Parameters<Client['query']>[0]);
  });
}
