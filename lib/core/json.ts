/**
 * Strict I-JSON (RFC 7493) for everything that is hashed or signed, and its canonical print (RFC 8785).
 *
 * `parseJson` lets the engine parse, then checks two things the engine forgives: a walk over the value refuses
 * depth, lone surrogates and numbers a double cannot hold; one linear scan of the text counts members, and a
 * text with more members than the value has keys spelled some key twice (JSON.parse keeps only the last).
 */
import canonicalize from 'canonicalize';
import { invariant } from '@/lib/core/invariant';
import { err, ok, type Result } from '@/lib/core/result';

export type JsonValue = null | boolean | number | string | JsonValue[] | JsonObject;
export type JsonObject = { [key: string]: JsonValue };

export type JsonErrorCode =
  | 'json_syntax'
  | 'json_duplicate_key'
  | 'json_too_deep'
  | 'json_number'
  | 'json_too_large'
  | 'json_string';

export type JsonOptions = {
  /** Containers inside containers; `{}` is depth 1. Default 32. */
  maxDepth?: number;
  /** UTF-8 bytes of the text. Default 1 MiB. */
  maxBytes?: number;
  /**
   * Allow every finite double, as RFC 8785 does; an integer written out beyond 2^53 only where a double holds it exactly
   * (it prints back to what was read). Default false: signed JSON has no floats.
   */
  allowFloats?: boolean;
};

const DEFAULT_MAX_DEPTH = 32;
const DEFAULT_MAX_BYTES = 1_048_576;

/**
 * Parses one JSON text. Integers lie within ±(2^53−1), `-0` and floats are refused unless `allowFloats`,
 * no key occurs twice in an object (however it is escaped), every string is well-formed Unicode.
 * A member named `__proto__` is an ordinary own property of the result and changes no prototype.
 */
export function parseJson(text: string, options: JsonOptions = {}): Result<JsonValue, JsonErrorCode> {
  const maxBytes = options.maxBytes ?? DEFAULT_MAX_BYTES;
  if (text.length > maxBytes || (text.length * 3 > maxBytes && utf8Length(text) > maxBytes)) {
    return err('json_too_large');
  }
  let value: JsonValue;
  try {
    value = JSON.parse(text) as JsonValue;
  } catch {
    return err('json_syntax');
  }
  const walk = walkValue(value, options);
  if (!walk.ok) return walk;
  const scan = scanText(text);
  if (scan.members !== walk.value) return err('json_duplicate_key');
  if (options.allowFloats ? hasRoundedInteger(text) : scan.floats) return err('json_number');
  return ok(value);
}

/**
 * Checks that a value from elsewhere is plain I-JSON data (no undefined, dates, class instances, sparse or
 * cyclic structures) under the same limits, and returns it unchanged.
 */
export function parseJsonValue(
  value: unknown,
  options: Omit<JsonOptions, 'maxBytes'> = {},
): Result<JsonValue, JsonErrorCode> {
  const walk = walkValue(value, options);
  return walk.ok ? ok(value as JsonValue) : walk;
}

/** RFC 8785 (JCS) text of an I-JSON value: keys by UTF-16 code unit, ECMAScript numbers, no white space. */
export function formatCanonicalJson(value: JsonValue): string {
  const text = canonicalize(value);
  invariant(text !== undefined, 'formatCanonicalJson: not a JSON value');
  return text;
}

/** True for a JSON object (not null, not an array). */
export function isJsonObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Number of object members, or the first violation. Recursion is bounded by `maxDepth`. */
function walkValue(value: unknown, options: JsonOptions): Result<number, JsonErrorCode> {
  const maxDepth = options.maxDepth ?? DEFAULT_MAX_DEPTH;
  const allowFloats = options.allowFloats ?? false;
  let members = 0;

  function visit(node: unknown, depth: number): JsonErrorCode | undefined {
    switch (typeof node) {
      case 'string':
        return node.isWellFormed() ? undefined : 'json_string';
      case 'number':
        return isAllowedNumber(node, allowFloats) ? undefined : 'json_number';
      case 'boolean':
        return undefined;
      case 'object':
        if (node === null) return undefined;
        if (depth >= maxDepth) return 'json_too_deep';
        return Array.isArray(node) ? visitArray(node, depth + 1) : visitObject(node, depth + 1);
      default:
        return 'json_syntax';
    }
  }

  function visitArray(array: readonly unknown[], depth: number): JsonErrorCode | undefined {
    for (let i = 0; i < array.length; i++) {
      const code = visit(array[i], depth);
      if (code) return code;
    }
    return undefined;
  }

  function visitObject(object: object, depth: number): JsonErrorCode | undefined {
    const prototype = Object.getPrototypeOf(object);
    if (prototype !== Object.prototype && prototype !== null) return 'json_syntax';
    const keys = Object.keys(object);
    members += keys.length;
    for (const key of keys) {
      if (!key.isWellFormed()) return 'json_string';
      const code = visit((object as Record<string, unknown>)[key], depth);
      if (code) return code;
    }
    return undefined;
  }

  const code = visit(value, 0);
  return code ? err(code) : ok(members);
}

function isAllowedNumber(value: number, allowFloats: boolean): boolean {
  return allowFloats ? Number.isFinite(value) : Number.isSafeInteger(value) && !Object.is(value, -0);
}

const QUOTE = 34;
const COLON = 58;
const BACKSLASH = 92;

/** Counts members and notices float spellings outside strings, in a text that is known to be valid JSON. */
function scanText(text: string): { members: number; floats: boolean } {
  let members = 0;
  let floats = false;
  let afterDigit = false;
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (c === QUOTE) {
      i = endOfString(text, i);
      afterDigit = false;
    } else if (c === COLON) {
      members++;
      afterDigit = false;
    } else if (c >= 48 && c <= 57) {
      afterDigit = true;
    } else {
      // '.', 'e' or 'E' right after a digit can only be a fraction or an exponent.
      if (afterDigit && (c === 46 || c === 101 || c === 69)) floats = true;
      afterDigit = false;
    }
  }
  return { members, floats };
}

/** An integer of 16 digits or more, without fraction or exponent; strings are matched so that nothing in them is. */
const STRING_OR_LONG_INTEGER = /"(?:[^"\\]|\\.)*"|(?<![0-9.eE+-])-?[0-9]{16,}(?![0-9.eE])/g;

/** Whether a valid JSON text writes out an integer that no double holds as it is written. */
function hasRoundedInteger(text: string): boolean {
  for (const [token] of text.matchAll(STRING_OR_LONG_INTEGER)) {
    if (!token.startsWith('"') && String(Number(token)) !== token) return true;
  }
  return false;
}

/** Index of the quote that closes the string opened at `start`. */
function endOfString(text: string, start: number): number {
  let end = text.indexOf('"', start + 1);
  for (;;) {
    let before = end - 1;
    while (text.charCodeAt(before) === BACKSLASH) before--;
    if ((end - 1 - before) % 2 === 0) return end;
    end = text.indexOf('"', end + 1);
  }
}

function utf8Length(text: string): number {
  let bytes = text.length;
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (c > 0x7f) bytes += c > 0x7ff && (c < 0xd800 || c > 0xdfff) ? 2 : 1;
  }
  return bytes;
}
