import { describe, expect, it } from 'vitest';
import { limitEvents } from './limit-events';

function streamOf(chunks: readonly string[]): Response {
  return new Response(
    new ReadableStream({
      start(controller) {
        for (const chunk of chunks) controller.enqueue(Buffer.from(chunk));
        controller.close();
      },
    }),
  );
}

describe('limitEvents', () => {
  it.each([
    ['one short answer', ['{"id":1}']],
    ['events that are short each', Array.from({ length: 100 }, (_, n) => `data: ${n}\n\n`)],
    ['events with carriage returns', Array.from({ length: 100 }, (_, n) => `data: ${n}\r\n\r\n`)],
    ['an empty line cut in two', Array.from({ length: 100 }, () => ['data: 123456\n', '\n']).flat()],
  ])('lets %s pass whole', async (_what, chunks) => {
    expect(await limitEvents(streamOf(chunks), 16).text()).toBe(chunks.join(''));
  });

  it.each([
    ['one long answer', ['x'.repeat(17)]],
    ['a long event in small parts', Array.from({ length: 20 }, () => 'x')],
    ['lines without an empty one between', Array.from({ length: 20 }, () => 'x\n')],
  ])('fails %s', async (_what, chunks) => {
    await expect(limitEvents(streamOf(chunks), 16).text()).rejects.toThrow(/too much/);
  });
});
