/**
 * Third-party test vectors, read where they lie beside the project and never copied into it. Tests only.
 */
import { existsSync, readFileSync } from 'node:fs';
import { describe, it } from 'vitest';

const ROOT = new URL('../../../../shared/vectors/', import.meta.url);

/** Declares a suite over published vectors, skipped with a message when the topic's folder is absent. */
export function describeVectors(topic: string, name: string, suite: () => void): void {
  const present = existsSync(new URL(`${topic}/`, ROOT));
  if (present) describe(name, () => suite());
  else describe(name, () => it.skip(`published vectors "${topic}" are not present`));
}

/** Whether one file of a topic is there (the collection may be partial). */
export function hasVector(path: string): boolean {
  return existsSync(new URL(path, ROOT));
}

export function readVectorBytes(path: string): Uint8Array {
  return new Uint8Array(readFileSync(new URL(path, ROOT)));
}

export function readVectorText(path: string): string {
  return readFileSync(new URL(path, ROOT), 'utf8');
}

/** The caller states the shape that the topic's README promises; tests fail loudly where it is not so. */
export function readVectorJson<T>(path: string): T {
  return JSON.parse(readVectorText(path)) as T;
}
