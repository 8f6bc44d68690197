/** One numbered line of a JSON text: a member or element, with its value when that is no container. */
export type JsonLine = {
  /** From 1. */
  number: number;
  depth: number;
  /** Member name, decoded; the index for an element. */
  key: string;
  isElement: boolean;
  /** RFC 6901 pointer. */
  pointer: string;
  type: 'object' | 'array' | 'string' | 'number' | 'boolean' | 'null';
  /** A string decoded; a number exactly as it is written; an empty container `{}` or `[]`; otherwise empty. */
  text: string;
  /** Members or elements of a container. */
  childCount: number;
  /** Number of the last line inside this one; its own number when there is none. */
  lastLine: number;
  /** The same name stands twice in this object, so that readers may disagree on which one counts. */
  isDuplicate: boolean;
};

export type JsonLines = { ok: true; lines: JsonLine[] } | { ok: false; at: number; reason: string };

const MAX_DEPTH = 64;
// biome-ignore lint/suspicious/noControlCharactersInRegex: JSON forbids exactly these inside a string
const STRING = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y;
const NUMBER = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y;
const SPACE = /[ \t\n\r]*/y;
const WORDS = { true: 'boolean', false: 'boolean', null: 'null' } as const;

/**
 * Cuts a JSON text (RFC 8259, attacker-controlled) into the lines of a tree without changing any value: numbers keep
 * their digits, names their order, duplicates stay and are marked. A scalar at the top is one line with an empty name.
 * What is no JSON, or nests deeper than 64, is refused with the character index where it went wrong.
 */
export function parseJsonLines(json: string): JsonLines {
  const lines: JsonLine[] = [];
  let at = 0;

  class Refusal extends Error {}
  const refuse = (reason: string): never => {
    throw new Refusal(reason);
  };
  const skip = () => {
    SPACE.lastIndex = at;
    at += SPACE.exec(json)?.[0].length ?? 0;
  };
  const take = (pattern: RegExp): string | null => {
    pattern.lastIndex = at;
    const found = pattern.exec(json)?.[0] ?? null;
    if (found !== null) at += found.length;
    return found;
  };
  const takeString = (): string => {
    const raw = take(STRING) ?? refuse('a string was expected');
    return JSON.parse(raw) as string;
  };

  function open(place: Pick<JsonLine, 'depth' | 'key' | 'isElement' | 'pointer' | 'isDuplicate'>): JsonLine {
    const number = lines.length + 1;
    const line: JsonLine = { ...place, number, type: 'null', text: '', childCount: 0, lastLine: number };
    lines.push(line);
    return line;
  }

  function value(line: JsonLine | null, depth: number, pointer: string): void {
    skip();
    const first = json.charAt(at);
    if (first === '{' || first === '[') {
      container(line, depth, pointer, first === '{');
    } else {
      const own = line ?? open({ depth, key: '', isElement: false, pointer, isDuplicate: false });
      if (first === '"') {
        own.type = 'string';
        own.text = takeString();
      } else {
        const word = (['true', 'false', 'null'] as const).find((each) => json.startsWith(each, at));
        if (word !== undefined) {
          at += word.length;
          own.type = WORDS[word];
          own.text = word;
        } else {
          own.type = 'number';
          own.text =
            take(NUMBER) ?? refuse(at >= json.length ? 'the text ends too early' : 'no value starts here');
        }
      }
    }
  }

  function container(line: JsonLine | null, depth: number, pointer: string, isObject: boolean): void {
    if (depth > MAX_DEPTH) refuse(`nested deeper than ${MAX_DEPTH}`);
    at += 1;
    const close = isObject ? '}' : ']';
    const names = new Map<string, JsonLine>();
    let count = 0;
    skip();
    if (json.charAt(at) !== close) {
      for (;;) {
        skip();
        const key = isObject ? takeString() : String(count);
        if (isObject) {
          skip();
          if (json.charAt(at) !== ':') refuse('a colon was expected');
          at += 1;
        }
        const twin = isObject ? names.get(key) : undefined;
        const childPointer = `${pointer}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`;
        const child = open({
          depth,
          key,
          isElement: !isObject,
          pointer: childPointer,
          isDuplicate: twin !== undefined,
        });
        if (twin !== undefined) twin.isDuplicate = true;
        names.set(key, child);
        count += 1;
        value(child, depth + 1, childPointer);
        child.lastLine = lines.length;
        skip();
        const next = json.charAt(at);
        if (next !== ',' && next !== close) refuse('a comma or the end was expected');
        at += 1;
        if (next === close) break;
      }
    } else {
      at += 1;
    }
    const own =
      line ?? (count === 0 ? open({ depth, key: '', isElement: false, pointer, isDuplicate: false }) : null);
    if (own === null) return;
    own.type = isObject ? 'object' : 'array';
    own.childCount = count;
    own.text = count === 0 ? (isObject ? '{}' : '[]') : '';
  }

  try {
    value(null, 0, '');
    skip();
    if (at < json.length) refuse('more text follows the value');
    return { ok: true, lines };
  } catch (error) {
    if (error instanceof Refusal) return { ok: false, at, reason: error.message };
    throw error;
  }
}
