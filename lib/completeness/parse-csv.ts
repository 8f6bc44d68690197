/**
 * A strict reader of CSV (RFC 4180) for lists that other systems wrote. A list is evidence that is held against decisions,
 * so nothing in it is guessed: one delimiter, every row as long as the first, no stray quotes. A library that repairs what
 * it finds would have two readers see two lists.
 *
 *   file    = header 1*( break record ) [ break ]        break = LF / CRLF, one kind
 *   field   = *( anything but delimiter, quote, CR, LF ) / quote *( anything, a quote doubled ) quote
 *
 * A byte order mark in front is passed over. Bounded: see the constants.
 */
import { err, ok, type Result } from '@/lib/core/result';

export const MAX_CSV_BYTES = 4_194_304;
export const MAX_CSV_ROWS = 50_000;
export const MAX_CSV_COLUMNS = 64;
export const MAX_CSV_CELL = 1_024;

export type CsvErrorCode =
  | 'csv_empty'
  | 'csv_quote'
  | 'csv_ragged'
  | 'csv_header'
  | 'csv_too_many_rows'
  | 'csv_too_many_columns'
  | 'csv_cell_too_long'
  | 'csv_too_large'
  | 'csv_control_character';

export interface CsvTable {
  header: string[];
  /** Cells in the order of the header. */
  rows: string[][];
  delimiter: ',' | ';' | '\t';
}

/** Every control character but the three that a list is written with. */
const CONTROL = /[^\P{Cc}\t\n\r]/u;

/** `detail` names the line, counted from 1 as an editor counts, never what stands on it. */
export function parseCsv(text: string): Result<CsvTable, CsvErrorCode> {
  if (text.length > MAX_CSV_BYTES) return err('csv_too_large');
  const plain = text.startsWith('\ufeff') ? text.slice(1) : text;
  if (CONTROL.test(plain)) return err('csv_control_character');
  const delimiter = delimiterOf(plain);
  const records: string[][] = [];
  let [at, line] = [0, 1];
  while (at < plain.length) {
    const first = line;
    const record = readRecord(plain, at, delimiter);
    if (!record.ok) return err(record.code, `line ${first}`);
    const { cells, end } = record.value;
    if (cells.length > MAX_CSV_COLUMNS) return err('csv_too_many_columns', `line ${first}`);
    if (cells.some((cell) => cell.length > MAX_CSV_CELL)) return err('csv_cell_too_long', `line ${first}`);
    if (records.length > MAX_CSV_ROWS) return err('csv_too_many_rows', `at most ${MAX_CSV_ROWS}`);
    const width = records[0]?.length ?? cells.length;
    if (cells.length !== width) return err('csv_ragged', `line ${first}`);
    records.push(cells);
    for (; at < end; at++) if (plain[at] === '\n') line += 1;
  }
  const [header, ...rows] = records;
  if (!header || rows.length === 0) return err('csv_empty');
  const names = header.map((name) => name.trim());
  if (names.some((name) => name === '') || new Set(names).size < names.length) return err('csv_header');
  return ok({ header: names, rows, delimiter });
}

/** What occurs most often in the first line, outside of quotes; a comma when nothing does. */
function delimiterOf(text: string): CsvTable['delimiter'] {
  const line = /^(?:[^"\n]|"[^"]*")*/.exec(text.slice(0, 65_536))?.[0].replaceAll(/"[^"]*"/g, '') ?? '';
  const counts = ([',', ';', '\t'] as const).map((each) => ({ each, n: line.split(each).length }));
  return counts.reduce((best, one) => (one.n > best.n ? one : best)).each;
}

function readRecord(
  text: string,
  from: number,
  delimiter: string,
): Result<{ cells: string[]; end: number }, 'csv_quote'> {
  const cells: string[] = [];
  let at = from;
  for (;;) {
    let cell = '';
    if (text[at] === '"') {
      for (at++; ; at++) {
        const quote = text.indexOf('"', at);
        if (quote < 0) return err('csv_quote');
        cell += text.slice(at, quote);
        at = quote + 1;
        if (text[at] !== '"') break;
        cell += '"';
      }
    } else {
      let end = at;
      while (end < text.length && text[end] !== delimiter && text[end] !== '\n' && text[end] !== '\r') {
        if (text[end] === '"') return err('csv_quote');
        end++;
      }
      cell = text.slice(at, end);
      at = end;
    }
    cells.push(cell);
    if (at >= text.length) return ok({ cells, end: at });
    if (text[at] === delimiter) at += 1;
    else if (text[at] === '\n') return ok({ cells, end: at + 1 });
    else if (text.startsWith('\r\n', at)) return ok({ cells, end: at + 2 });
    else return err('csv_quote');
  }
}
