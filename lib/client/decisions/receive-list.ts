import { fetchAnswer, RequestError } from '../fetch-json';
import { exportPath } from '../queries/decisions';

export type ListFormat = 'csv' | 'ndjson';

/** A file on this browser's disk that grows while it arrives, so that its size costs no memory. */
export interface ArrivingFile {
  write(chunk: Uint8Array<ArrayBuffer>): Promise<void>;
  /** The whole of it, once everything was written. */
  finish(): Promise<Blob>;
  discard(): Promise<void>;
}

/** Null where this browser keeps no files for a page; its own download has to do then. */
export async function openArrivingFile(name: string): Promise<ArrivingFile | null> {
  try {
    const directory = await navigator.storage.getDirectory();
    const handle = await directory.getFileHandle(name, { create: true });
    const writable = await handle.createWritable();
    return {
      write: (chunk) => writable.write(chunk),
      finish: async () => {
        await writable.close();
        return handle.getFile();
      },
      discard: async () => {
        await writable.abort().catch(() => {});
        await directory.removeEntry(name).catch(() => {});
      },
    };
  } catch {
    return null;
  }
}

const LINE_FEED = 10;
const NDJSON_END = /\{"end":true,"rows":(\d+)\}\n$/;

/**
 * Streams everything that a search finds into `file`; each piece is asked for when the last was written. It counts as
 * received only when the server said that it is whole.
 * @returns rows, without the header and the closing line
 * @throws RequestError; the signal's reason when cancelled
 */
export async function receiveList(
  query: string,
  format: ListFormat,
  file: Pick<ArrivingFile, 'write'>,
  { signal, progress }: { signal: AbortSignal; progress: (rows: number) => void },
): Promise<number> {
  const { body } = await fetchAnswer(exportPath(query, format), { signal });
  if (!body) throw new RequestError('The console did not answer.', 0);
  let lines = 0;
  let tail = '';
  const decoder = new TextDecoder();
  const reader = body.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      for (const byte of value) if (byte === LINE_FEED) lines += 1;
      tail = (tail + decoder.decode(value.subarray(-128))).slice(-128);
      await file.write(value);
      progress(Math.max(0, lines - 1));
    }
  } catch (error) {
    if (signal.aborted) throw error;
    throw new RequestError('The connection broke before the file was whole; nothing was saved.', 0);
  }
  if (format === 'csv') return Math.max(0, lines - 1);
  const rows = NDJSON_END.exec(tail)?.[1];
  if (Number(rows) !== lines - 1)
    throw new RequestError('The file ended before its last line; nothing was saved.', 0);
  return lines - 1;
}
