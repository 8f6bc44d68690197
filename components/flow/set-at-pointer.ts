import { isJsonObject, type JsonValue } from '@/lib/core/json';

/** A copy of `value` with `to` at a JSON Pointer (RFC 6901) that exists in it; anything else is left as it is. */
export function setAtPointer(value: JsonValue, pointer: string, to: JsonValue): JsonValue {
  if (pointer === '') return to;
  const [, head = '', ...rest] = pointer.split('/');
  const name = head.replaceAll('~1', '/').replaceAll('~0', '~');
  const deeper = rest.length === 0 ? '' : `/${rest.join('/')}`;
  if (Array.isArray(value))
    return value.map((item, index) => (String(index) === name ? setAtPointer(item, deeper, to) : item));
  if (!isJsonObject(value) || !Object.hasOwn(value, name)) return value;
  return { ...value, [name]: setAtPointer(value[name] as JsonValue, deeper, to) };
}
