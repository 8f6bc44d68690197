import type { JsonLine } from './parse-json-lines';

/**
 * The lines that are not inside a folded one, the numbers of those whose name or value holds `query` (without regard to
 * case), and the width of the name column: as wide as the longest name needs, at most 22 rem; longer names wrap.
 */
export function listLines(
  lines: readonly JsonLine[],
  folded: ReadonlySet<number>,
  query: string,
): { shown: JsonLine[]; found: number[]; keyWidth: string } {
  const shown: JsonLine[] = [];
  for (let at = 0; at < lines.length; ) {
    const line = lines[at];
    if (line === undefined) break;
    shown.push(line);
    at = folded.has(line.number) ? line.lastLine : at + 1;
  }
  const wanted = query.toLowerCase();
  const found =
    wanted === ''
      ? []
      : lines
          .filter(
            (line) => line.key.toLowerCase().includes(wanted) || line.text.toLowerCase().includes(wanted),
          )
          .map((line) => line.number);
  const widest = lines.reduce((most, line) => Math.max(most, line.key.length + line.depth * 2 + 3), 0);
  return { shown, found, keyWidth: `clamp(128px, ${widest}ch, min(22rem, 42%))` };
}
