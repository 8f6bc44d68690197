import { isJsonObject, type JsonValue } from '@/lib/core/json';

/** Every text in a JSON value with its path (`body.identity.agent.name`, `body.guardrails.0.score`). */
export function* walkTexts(value: JsonValue, path = ''): Generator<{ path: string; text: string }> {
  if (typeof value === 'string') yield { path, text: value };
  else if (Array.isArray(value))
    for (const [i, each] of value.entries()) yield* walkTexts(each, join(path, `${i}`));
  else if (isJsonObject(value))
    for (const [key, each] of Object.entries(value)) yield* walkTexts(each, join(path, key));
}

/** Paths of members that `read`, what a schema made of `raw`, has left out. */
export function* walkLeftOut(raw: JsonValue, read: unknown, path = ''): Generator<string> {
  if (Array.isArray(raw)) {
    if (!Array.isArray(read)) return;
    for (const [i, each] of raw.entries()) yield* walkLeftOut(each, read[i], join(path, `${i}`));
    return;
  }
  if (!isJsonObject(raw) || read === null || typeof read !== 'object') return;
  for (const [key, each] of Object.entries(raw)) {
    const place = join(path, key);
    if (!Object.hasOwn(read, key)) yield place;
    else yield* walkLeftOut(each, (read as Record<string, unknown>)[key], place);
  }
}

function join(path: string, key: string): string {
  return path === '' ? key : `${path}.${key}`;
}
