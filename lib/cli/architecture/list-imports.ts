import { posix } from 'node:path';

/** Source text with comments blanked, so that nothing said in prose counts as code. Strings keep their contents. */
export function stripComments(source: string): string {
  return source.replace(
    /("(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`(?:[^`\\]|\\.)*`)|\/\*[\s\S]*?\*\/|(^|[^:\\/])\/\/[^\n]*/g,
    (_match, text: string | undefined, before: string | undefined) => text ?? before ?? '',
  );
}

const FORMS = [
  // import … from 'x', export … from 'x' (types too, except those of node: modules, which leave no trace in a bundle)
  /(?:^|[;\n])\s*(?:import|export)\s+(?!type\s[^'"`;()]*?\sfrom\s*['"]node:)[^'"`;()]*?\sfrom\s*['"]([^'"]+)['"]/g,
  // import 'x'
  /(?:^|[;\n])\s*import\s*['"]([^'"]+)['"]/g,
  // import('x'), but not the type expressions `typeof import('x')` and `import('x').Name`
  /(?<!typeof\s)\bimport\(\s*['"]([^'"]+)['"]\s*\)(?!\s*\.\s*[A-Z])/g,
  // new URL('./x', import.meta.url): how a worker is named
  /new URL\(\s*['"](\.[^'"]+\.[jt]sx?)['"]\s*,\s*import\.meta\.url\s*\)/g,
];

/**
 * What a file imports, in its own order of form: project files as paths from the root (`lib/core/bytes`), packages and
 * `node:` modules as they are written.
 */
export function listImports(path: string, source: string): string[] {
  const code = stripComments(source);
  return FORMS.flatMap((form) => [...code.matchAll(form)].map((match) => match[1] as string)).map((name) => {
    if (name.startsWith('@/')) return name.slice(2);
    return name.startsWith('.') ? posix.normalize(posix.join(posix.dirname(path), name)) : name;
  });
}
