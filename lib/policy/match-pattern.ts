/** True when `name` is the pattern, or begins with what stands before the pattern's final `*`. */
export function matchesPattern(pattern: string, name: string): boolean {
  return pattern.endsWith('*') ? name.startsWith(pattern.slice(0, -1)) : name === pattern;
}

/** True when any of the patterns matches. */
export function matchesAny(patterns: readonly string[], name: string): boolean {
  return patterns.some((pattern) => matchesPattern(pattern, name));
}

/** The entry whose pattern is most specific for `name`: the exact one, else the longest prefix. */
export function mostSpecific<T extends { name: string }>(entries: readonly T[], name: string): T | undefined {
  let best: T | undefined;
  for (const entry of entries) {
    if (entry.name === name) return entry;
    if (!entry.name.endsWith('*') || !matchesPattern(entry.name, name)) continue;
    if (!best || entry.name.length > best.name.length) best = entry;
  }
  return best;
}
