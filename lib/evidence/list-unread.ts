/** A member of a signed body that no schema names. */
export interface UnreadMember {
  /** Names and indexes from the body's top, joined by dots. */
  path: string;
  /** As JSON. */
  json: string;
}

/**
 * What a signed body says beyond what its schema reads, so that nothing is hidden: members are kept in the bytes but never
 * interpreted. Both are the same body, before and after parsing.
 */
export function listUnread(raw: unknown, read: unknown, path = ''): UnreadMember[] {
  if (Array.isArray(raw) && Array.isArray(read))
    return raw.flatMap((item, at) => listUnread(item, read[at], join(path, String(at))));
  if (isObject(raw) && isObject(read))
    return Object.entries(raw).flatMap(([name, value]) =>
      Object.hasOwn(read, name)
        ? listUnread(value, read[name], join(path, name))
        : [{ path: join(path, name), json: JSON.stringify(value) }],
    );
  return [];
}

const join = (path: string, name: string) => (path === '' ? name : `${path}.${name}`);

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
