/**
 * From a downstream system's own columns to what a reconciliation keeps: an id, an amount with its currency, and when.
 * Everything else of the file is dropped here, and so is an id that is plainly somebody's: a mail address or an account
 * number has no place in a record.
 */
import * as z from 'zod';
import { isForeignId } from '@/lib/core/id';
import { parseAmount } from '@/lib/core/money';
import type { CsvTable } from './parse-csv';

export const columnMapping = z.strictObject({
  id: z.string().min(1).max(256),
  amount: z.string().min(1).max(256).nullable(),
  currency: z.string().min(1).max(256).nullable(),
  /** Of every row, where the file has no column for it. */
  fixedCurrency: z
    .string()
    .regex(/^[A-Z]{3}$/)
    .nullable(),
  at: z.string().min(1).max(256).nullable(),
  /** How the file writes amounts: `1234.50`, or `1.234,50`. */
  decimals: z.enum(['point', 'comma']),
});
export type ColumnMapping = z.infer<typeof columnMapping>;

export interface ListedAction {
  /** Line of the file's table, counted from 1 after the header. */
  row: number;
  id: string;
  /** A decimal string, or null where the file says none. */
  amount: string | null;
  currency: string | null;
  atMs: number | null;
}

export type RowFault =
  | 'id_missing'
  | 'id_unfit'
  | 'id_personal'
  | 'amount_unreadable'
  | 'currency_unreadable'
  | 'time_unreadable';

export interface MappedRows {
  actions: ListedAction[];
  /** What could not be read, by row: never the text itself. */
  faults: { row: number; fault: RowFault }[];
}

const MAIL = /@[^@]*\./;
const IBAN = /^[A-Z]{2}\d{2}[A-Z0-9]{11,30}$/;

/** True for what is an address or an account of somebody rather than a reference of a system. */
function isPersonal(id: string): boolean {
  return MAIL.test(id) || IBAN.test(id.replaceAll(' ', '').toUpperCase());
}

/** Null when a mapped column is not in the table. */
export function mapColumns(table: CsvTable, mapping: ColumnMapping): MappedRows | null {
  const indexOf = (name: string | null) => (name === null ? null : table.header.indexOf(name));
  const [id, amount, currency, at] = [mapping.id, mapping.amount, mapping.currency, mapping.at].map(indexOf);
  if ([id, amount, currency, at].some((index) => index === -1) || id == null) return null;
  const mapped: MappedRows = { actions: [], faults: [] };
  for (const [index, cells] of table.rows.entries()) {
    const cell = (column: number | null | undefined) => (column == null ? '' : (cells[column] ?? '').trim());
    const read = readRow(
      { id: cell(id), amount: cell(amount), currency: cell(currency), at: cell(at) },
      mapping,
    );
    const row = index + 1;
    if (typeof read === 'string') mapped.faults.push({ row, fault: read });
    else mapped.actions.push({ row, ...read });
  }
  return mapped;
}

function readRow(
  cells: { id: string; amount: string; currency: string; at: string },
  mapping: ColumnMapping,
): Omit<ListedAction, 'row'> | RowFault {
  if (cells.id === '') return 'id_missing';
  if (isPersonal(cells.id)) return 'id_personal';
  if (!isForeignId(cells.id)) return 'id_unfit';
  const amount = cells.amount === '' ? null : readAmount(cells.amount, mapping.decimals);
  if (amount === undefined) return 'amount_unreadable';
  const currency = cells.currency === '' ? mapping.fixedCurrency : cells.currency.toUpperCase();
  if (currency !== null && !/^[A-Z]{3}$/.test(currency)) return 'currency_unreadable';
  const atMs = cells.at === '' ? null : readTime(cells.at);
  if (atMs === undefined) return 'time_unreadable';
  return { id: cells.id, amount, currency: amount === null ? null : currency, atMs };
}

/** `1,234.50` or `1.234,50` as `1234.50`; undefined when it is no plain amount of at most four decimals. */
function readAmount(text: string, decimals: ColumnMapping['decimals']): string | undefined {
  const [group, point] = decimals === 'point' ? [',', '.'] : ['.', ','];
  const match = new RegExp(
    `^-?\\d{1,3}(?:\\${group}\\d{3})+(?:\\${point}\\d+)?$|^-?\\d+(?:\\${point}\\d+)?$`,
  ).test(text);
  if (!match) return undefined;
  const plain = text
    .replaceAll(group as string, '')
    .replace(point as string, '.')
    .replace(/^(-?)0+(?=\d)/, '$1');
  return parseAmount(plain).ok ? plain : undefined;
}

/** A date (midnight UTC), or an instant with its offset; a local time without one says no moment. */
function readTime(text: string): number | undefined {
  const date = /^\d{4}-\d{2}-\d{2}$/.test(text);
  const instant = /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:?\d{2})$/.test(text);
  if (!date && !instant) return undefined;
  const ms = Date.parse(date ? `${text}T00:00:00Z` : text.replace(' ', 'T'));
  return Number.isFinite(ms) ? ms : undefined;
}

/** The columns that a header most likely means; a person looks before anything is held against anything. */
export function guessMapping(header: readonly string[]): ColumnMapping {
  const find = (...words: RegExp[]) => {
    for (const word of words) {
      const found = header.find((name) => word.test(name));
      if (found !== undefined) return found;
    }
    return null;
  };
  return {
    id:
      find(
        /end.?to.?end|e2e/i,
        /reference|\bref\b/i,
        /^id$/i,
        /(payment|order|transaction).?(id|no|number)/i,
        /id/i,
      ) ??
      header[0] ??
      '',
    amount: find(/^amount$/i, /amount|total|value|sum/i),
    currency: find(/^currency$/i, /currency|\bccy\b/i),
    fixedCurrency: null,
    at: find(/executed|booked|created|placed|paid/i, /time|date|\bat\b/i),
    decimals: 'point',
  };
}
