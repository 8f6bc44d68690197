import { Refusal } from '../refusal';

/** A checkpoint with many signatures, or a bundle of 256 entries with the longest names. */
const MAX_BYTES = 1_048_576;
const TIMEOUT_MS = 30_000;

/** One file of a log by a plain GET: no redirect, no more bytes than any such file has. @throws Refusal */
export async function fetchLogFile(url: string, path: string): Promise<Uint8Array> {
  let response: Response;
  try {
    response = await fetch(`${url}${path}`, { redirect: 'error', signal: AbortSignal.timeout(TIMEOUT_MS) });
  } catch {
    throw new Refusal(`${url} did not answer for ${path}.`);
  }
  if (!response.ok || !response.body) throw new Refusal(`${url} answered ${response.status} for ${path}.`);
  const pieces: Uint8Array[] = [];
  let length = 0;
  for await (const piece of response.body) {
    length += piece.length;
    if (length > MAX_BYTES) throw new Refusal(`${url} answered more than any log file has for ${path}.`);
    pieces.push(piece);
  }
  return new Uint8Array(Buffer.concat(pieces));
}
