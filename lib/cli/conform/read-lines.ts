import { createReadStream } from 'node:fs';

/** A line longer than this is no record; its end is dropped, so that a file without newlines costs no memory. */
const MOST_LINE_BYTES = 131_072;

/** The lines of a file, or of standard input for `-`, that are not empty. */
export async function* readLines(path: string): AsyncGenerator<Uint8Array> {
  const input = path === '-' ? process.stdin : createReadStream(path);
  let held: Buffer[] = [];
  let heldBytes = 0;
  const take = (): Buffer => {
    const line = Buffer.concat(held);
    held = [];
    heldBytes = 0;
    return line;
  };
  for await (const chunk of input as AsyncIterable<Buffer>) {
    let from = 0;
    for (let at = chunk.indexOf(0x0a); at >= 0; at = chunk.indexOf(0x0a, from)) {
      keep(chunk.subarray(from, at));
      const line = take();
      if (line.some((byte) => byte > 0x20)) yield line;
      from = at + 1;
    }
    keep(chunk.subarray(from));
  }
  const last = take();
  if (last.some((byte) => byte > 0x20)) yield last;

  function keep(part: Buffer): void {
    if (heldBytes >= MOST_LINE_BYTES || part.length === 0) return;
    const kept = part.subarray(0, MOST_LINE_BYTES - heldBytes);
    held.push(kept);
    heldBytes += kept.length;
  }
}
