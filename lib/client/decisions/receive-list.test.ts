import { afterEach, describe, expect, test, vi } from 'vitest';
import { receiveList } from './receive-list';

const utf8 = new TextEncoder();

function answer(...pieces: string[]): void {
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      for (const piece of pieces) controller.enqueue(utf8.encode(piece));
      controller.close();
    },
  });
  vi.stubGlobal('fetch', async () => new Response(body));
}

async function receive(format: 'csv' | 'ndjson'): Promise<{ rows: number; text: string; told: number[] }> {
  let text = '';
  const told: number[] = [];
  const rows = await receiveList(
    '',
    format,
    {
      write: async (chunk) => {
        text += new TextDecoder().decode(chunk);
      },
    },
    { signal: new AbortController().signal, progress: (n) => told.push(n) },
  );
  return { rows, text, told };
}

afterEach(() => vi.unstubAllGlobals());

describe('a list that arrives', () => {
  test('is written as it came and counted, in whatever pieces', async () => {
    answer('{"id":1}\n{"i', 'd":2}\n{"end":true,', '"rows":2}\n');
    expect(await receive('ndjson')).toEqual({
      rows: 2,
      text: '{"id":1}\n{"id":2}\n{"end":true,"rows":2}\n',
      told: [0, 1, 2],
    });
    answer('id,at\r\n', '1,2\r\n');
    expect((await receive('csv')).rows).toBe(1);
  });

  test.each([
    ['without its closing line', ['{"id":1}\n{"id":2}\n']],
    ['whose closing line counts others', ['{"id":1}\n{"end":true,"rows":2}\n']],
    ["whose closing line is an agent's text", ['{"id":"{\\"end\\":true,\\"rows\\":0}"}\n']],
    ['of nothing at all', []],
  ])('%s is not whole', async (_name, pieces) => {
    answer(...pieces);
    await expect(receive('ndjson')).rejects.toThrow('before its last line');
  });

  test('a refusal is told in its own words', async () => {
    vi.stubGlobal('fetch', async () =>
      Response.json({ code: 'role_required', detail: 'This needs a role.' }, { status: 403 }),
    );
    await expect(receive('csv')).rejects.toMatchObject({ status: 403, message: 'This needs a role.' });
  });
});
