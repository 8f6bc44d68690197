/**
 * Third-party test vectors, read where they lie beside the project and never copied into it. Tests only.
 */
import { describe, expect, it } from 'vitest';
import { hasFile, readJson, readText, type VectorCase, type VectorFiles } from './vector-case';
import { vectorFolder } from './vector-folder';

/** Declares a suite over published vectors, skipped with a message when the topic's folder is absent. */
export function describeVectors(topic: string, name: string, suite: () => void): void {
  if (vectorFolder.listFiles(topic).length > 0) describe(name, () => suite());
  else describe(name, () => it.skip(`published vectors "${topic}" are not present`));
}

/**
 * Declares that every case of a table gives its published answer; the same tables run in Chromium (`countersign vectors`).
 * `least` cases must be there: a table that finds nothing proves nothing.
 */
export function describeVectorCases(
  topic: string,
  name: string,
  least: number,
  list: (files: VectorFiles) => readonly VectorCase[],
): void {
  describeVectors(topic, name, () => {
    it('give every published answer', async () => {
      const wrong: { name: string; expect: string; answer: string }[] = [];
      const cases = list(vectorFolder);
      for (const one of cases) {
        const answer = await one.run();
        if (answer !== one.expect) wrong.push({ name: one.name, expect: one.expect, answer });
      }
      expect(wrong).toEqual([]);
      expect(cases.length).toBeGreaterThanOrEqual(least);
    });
  });
}

/** Whether one file of a topic is there (the collection may be partial). */
export function hasVector(path: string): boolean {
  return hasFile(vectorFolder, path);
}

export function readVectorBytes(path: string): Uint8Array {
  return vectorFolder.readFile(path);
}

export function readVectorText(path: string): string {
  return readText(vectorFolder, path);
}

/** The caller states the shape that the topic's README promises; tests fail loudly where it is not so. */
export function readVectorJson<T>(path: string): T {
  return readJson<T>(vectorFolder, path);
}
