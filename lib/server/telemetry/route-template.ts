/** A segment of a route file's own path; anything else in a path is somebody's value. */
const OWN_SEGMENT = /^[a-z0-9][a-z0-9.-]{0,39}$|^\.well-known$/;

/**
 * `/api/v1/decisions/dec_1` with `{decisionId: 'dec_1'}` → `/api/v1/decisions/{decisionId}`. What is no parameter and no
 * segment that a route of this console could have is `{other}`: a template never tells what was asked for.
 */
export function formatRouteTemplate(
  path: string,
  params: Readonly<Record<string, string | readonly string[] | undefined>>,
): string {
  const segments = path.split('/').filter((segment) => segment !== '');
  const names = new Map<string, string>();
  for (const [name, value] of Object.entries(params)) {
    if (typeof value === 'string') names.set(decode(value), name);
    else if (value !== undefined && value.length > 0) {
      // A catch-all takes the rest of the path.
      segments.splice(-value.length);
      segments.push(`{${name}}`);
    }
  }
  return `/${segments
    .map((segment) => {
      const name = names.get(decode(segment));
      if (name !== undefined) return `{${name}}`;
      return OWN_SEGMENT.test(segment) || /^\{[A-Za-z]+\}$/.test(segment) ? segment : '{other}';
    })
    .join('/')}`;
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
