import type { VectorFiles } from '@/lib/core/testing/vector-case';
import { VECTOR_TOPICS } from './vector-topics';

/** One vector as one host answered it. */
export interface JudgedVector {
  name: string;
  expect: string;
  answer: string;
}

export interface JudgedTopic {
  topic: string;
  /** False when this copy of the collection has nothing of it. */
  present: boolean;
  vectors: JudgedVector[];
  skipped: string[];
}

/** Asks every vector of every topic of this host, one after the other. A verifier that throws has given a wrong answer. */
export async function judgeTopics(files: VectorFiles): Promise<JudgedTopic[]> {
  const judged: JudgedTopic[] = [];
  for (const { name, folder, list } of VECTOR_TOPICS) {
    const present = files.listFiles(folder).length > 0;
    const { cases, skipped = [] } = present ? await list(files) : { cases: [] };
    const vectors: JudgedVector[] = [];
    for (const one of cases) {
      const answer = await askCase(one.run);
      vectors.push({ name: one.name, expect: one.expect, answer });
    }
    judged.push({ topic: name, present, vectors, skipped: [...skipped] });
  }
  return judged;
}

async function askCase(run: () => string | Promise<string>): Promise<string> {
  try {
    return await run();
  } catch (error) {
    return `threw ${error instanceof Error ? error.message : String(error)}`;
  }
}
