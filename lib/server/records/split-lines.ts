const NEWLINE = 0x0a;

/** The lines of NDJSON as views of the received bytes, without their newlines; a last newline opens no line. */
export function splitLines(body: Uint8Array): Uint8Array[] {
  const lines: Uint8Array[] = [];
  let start = 0;
  while (start < body.length) {
    const newline = body.indexOf(NEWLINE, start);
    const end = newline < 0 ? body.length : newline;
    lines.push(body.subarray(start, end));
    start = end + 1;
  }
  return lines;
}
