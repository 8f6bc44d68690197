import type { IncomingMessage } from 'node:http';
import { gunzipSync } from 'node:zlib';

/** Of one request, unpacked. */
export const MAX_REQUEST_BYTES = 4 * 1_048_576;

/** Codes of `google.rpc.Code` by HTTP status. */
const RPC = { 400: 3, 403: 7, 404: 5, 405: 12, 413: 8, 415: 3, 503: 14 } as const;

/** Why a whole request is refused; the message names nothing of the request. */
export class OtlpRefusal extends Error {
  readonly rpcCode: number;
  constructor(
    readonly status: keyof typeof RPC,
    message: string,
  ) {
    super(message);
    this.rpcCode = RPC[status];
  }
}

/** The body, unpacked, of at most `MAX_REQUEST_BYTES` however it came. @throws OtlpRefusal */
export async function readOtlpBody(request: IncomingMessage): Promise<Uint8Array> {
  const encoding = request.headers['content-encoding'] ?? 'identity';
  if (encoding !== 'identity' && encoding !== 'gzip')
    throw new OtlpRefusal(415, 'The body may be plain or gzip.');
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const part of request as AsyncIterable<Uint8Array>) {
    length += part.length;
    if (length > MAX_REQUEST_BYTES) throw new OtlpRefusal(413, `At most ${MAX_REQUEST_BYTES} bytes.`);
    parts.push(part);
  }
  const body = Buffer.concat(parts);
  if (encoding === 'identity') return new Uint8Array(body);
  try {
    return new Uint8Array(gunzipSync(body, { maxOutputLength: MAX_REQUEST_BYTES }));
  } catch (error) {
    throw (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE'
      ? new OtlpRefusal(413, `At most ${MAX_REQUEST_BYTES} bytes, unpacked.`)
      : new OtlpRefusal(400, 'The body is no gzip.');
  }
}
