import { Agent, request } from 'node:http';

export interface Poster {
  /** To `/api/v1/records` unless told otherwise. */
  post(
    type: string,
    body: Buffer,
    to?: { path: string; headers: Record<string, string> },
  ): Promise<{ status: number; text: string }>;
  /** Closes its connections: the server ends idle ones by itself after a few seconds. */
  close(): void;
}

/** Keeps connections open as a producer would; one per request in flight. */
export function createPoster(origin: string): Poster {
  const agent = new Agent({ keepAlive: true });
  const post: Poster['post'] = (type, body, { path, headers } = { path: '/api/v1/records', headers: {} }) =>
    new Promise((resolve, reject) => {
      const sent = request(
        new URL(path, origin),
        {
          agent,
          method: 'POST',
          headers: { ...headers, 'content-type': type, 'content-length': body.length },
        },
        (response) => {
          const chunks: Buffer[] = [];
          response.on('data', (chunk: Buffer) => chunks.push(chunk));
          response.once('error', reject);
          response.once('end', () =>
            resolve({ status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString() }),
          );
        },
      );
      sent.once('error', reject);
      sent.end(body);
    });
  return { post, close: () => agent.destroy() };
}
