import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { listImports, stripComments } from './list-imports';

/** One source file as the rules see it. `path` is from the project's root, with forward slashes. */
export interface SourceFile {
  path: string;
  /** Without comments. */
  code: string;
  imports: string[];
}

const TOP = ['app', 'components', 'lib', 'e2e'];
const APART = new Set(['node_modules', 'lib/server/prisma']);

/** A source file of this text, as if it lay at `path`. */
export function readSource(path: string, text: string): SourceFile {
  return { path, code: stripComments(text), imports: listImports(path, text) };
}

/** Every TypeScript file of the project, tests included, generated ones not. */
export function listSources(root: string): SourceFile[] {
  const found: SourceFile[] = [];
  const walk = (directory: string): void => {
    for (const entry of readdirSync(directory, { withFileTypes: true })) {
      const path = relative(root, join(directory, entry.name)).replaceAll('\\', '/');
      if (APART.has(path) || APART.has(entry.name)) continue;
      if (entry.isDirectory()) walk(join(directory, entry.name));
      else if (/\.tsx?$/.test(entry.name))
        found.push(readSource(path, readFileSync(join(root, path), 'utf8')));
    }
  };
  for (const top of TOP) walk(join(root, top));
  return found;
}
