const NEWLINE = 10;
const RETURN = 13;

/**
 * Cuts a byte stream into lines of UTF-8. A line longer than `maxBytes` is passed over, whatever it holds, and told of
 * by `onTooLong`: a peer that never ends its line costs no more than that.
 */
export function splitLines(options: {
  maxBytes: number;
  onLine(line: string): void;
  onTooLong(): void;
}): (chunk: Uint8Array) => void {
  let parts: Uint8Array[] = [];
  let size = 0;
  let skipping = false;

  function take(part: Uint8Array): void {
    if (skipping) return;
    size += part.length;
    if (size > options.maxBytes) {
      skipping = true;
      parts = [];
      options.onTooLong();
    } else parts.push(part);
  }

  function endLine(): void {
    const line = Buffer.concat(parts);
    const wasSkipping = skipping;
    parts = [];
    size = 0;
    skipping = false;
    const end = line.at(-1) === RETURN ? line.length - 1 : line.length;
    if (!wasSkipping && end > 0) options.onLine(line.subarray(0, end).toString('utf8'));
  }

  return (chunk) => {
    let start = 0;
    for (let end = chunk.indexOf(NEWLINE); end !== -1; end = chunk.indexOf(NEWLINE, start)) {
      take(chunk.subarray(start, end));
      endLine();
      start = end + 1;
    }
    if (start < chunk.length) take(chunk.subarray(start));
  };
}
