/**
 * One published expectation in a form that any host can be held to: Node from the disk, a browser from what it fetched.
 * Tables of cases live beside what they judge (`testing/*-vectors.ts`, `testing/vector-cases.ts`). Tests only.
 */
import { decodeUtf8 } from '@/lib/core/bytes';
import { parseHex } from '@/lib/core/encoding';

export interface VectorCase {
  readonly name: string;
  /** What the collection says, as the words that `run` answers with. */
  readonly expect: string;
  run(): string | Promise<string>;
}

/** The collection of published vectors; paths start at its root, as `ed25519/misc/dsse.json`. */
export interface VectorFiles {
  /** @throws when there is no such file */
  readFile(path: string): Uint8Array;
  /** Names of the files and folders in a folder, sorted; empty when it is absent. */
  listFiles(folder: string): readonly string[];
}

/** @throws when the file is absent or no UTF-8 */
export function readText(files: VectorFiles, path: string): string {
  const text = decodeUtf8(files.readFile(path));
  if (!text.ok) throw new Error(`${path}: UTF-8 expected`);
  return text.value;
}

/** The caller states the shape that the topic's README promises. @throws when the file is absent or no JSON */
export function readJson<T>(files: VectorFiles, path: string): T {
  return JSON.parse(readText(files, path)) as T;
}

export function hasFile(files: VectorFiles, path: string): boolean {
  const slash = path.lastIndexOf('/');
  return files.listFiles(path.slice(0, slash)).includes(path.slice(slash + 1));
}

/** @throws when the vector's own hex is broken */
export function bytesOfHex(hex: string): Uint8Array {
  const bytes = parseHex(hex);
  if (!bytes.ok) throw new Error(`hex expected: ${hex.slice(0, 40)}`);
  return bytes.value;
}

/**
 * The answer on which all implementations agree, in words; otherwise who said what, which is no published expectation and
 * therefore fails.
 */
export function agreedAnswer(answers: Readonly<Record<string, string>>): string {
  const [first, ...others] = Object.values(answers);
  if (first !== undefined && others.every((answer) => answer === first)) return first;
  return `disagreement: ${JSON.stringify(answers)}`;
}
