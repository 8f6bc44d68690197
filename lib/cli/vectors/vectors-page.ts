/** What runs in the page: fetches the collection once, judges every vector there, and leaves the answers for the runner. */
import { parseBase64 } from '@/lib/core/encoding';
import type { VectorFiles } from '@/lib/core/testing/vector-case';
import { type JudgedTopic, judgeTopics } from './judge-topics';

declare global {
  var judgeVectors: () => Promise<JudgedTopic[]>;
}

globalThis.judgeVectors = async () => {
  const response = await fetch('/collection.json');
  return judgeTopics(filesOf((await response.json()) as Record<string, string>));
};

function filesOf(collection: Record<string, string>): VectorFiles {
  const folders = new Map<string, Set<string>>();
  for (const path of Object.keys(collection)) {
    const parts = path.split('/');
    for (const [n, name] of parts.entries()) {
      const folder = parts.slice(0, n).join('/');
      folders.set(folder, (folders.get(folder) ?? new Set()).add(name));
    }
  }
  return {
    readFile: (path) => {
      const text = Object.hasOwn(collection, path) ? collection[path] : undefined;
      const bytes = text === undefined ? undefined : parseBase64(text);
      if (!bytes?.ok) throw new Error(`no vector ${path}`);
      return bytes.value;
    },
    listFiles: (folder) => [...(folders.get(folder) ?? [])].sort(),
  };
}
