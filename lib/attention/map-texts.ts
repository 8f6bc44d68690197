/** A copy in which every text is what `change` makes of it; `at` is its path (`/a/0/b`). Names of members stay. */
export function mapTexts<T>(value: T, change: (text: string, at: string) => string, at = ''): T {
  if (typeof value === 'string') return change(value, at) as T;
  if (Array.isArray(value)) return value.map((each, index) => mapTexts(each, change, `${at}/${index}`)) as T;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, each]) => [name, mapTexts(each, change, `${at}/${name}`)]),
  ) as T;
}
