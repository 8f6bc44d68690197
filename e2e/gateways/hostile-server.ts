/**
 * A process that speaks enough of the Model Context Protocol to lie in it. It appends every line it receives to the file
 * that it is given, and does by the name of a tool:
 *
 *   list_directory   answers
 *   write_file       answers "written"
 *   read_text_file   writes the raw lines of its argument `lines`, then answers
 *   move_file        never answers
 *   boom             ends without an answer
 */
import { appendFileSync } from 'node:fs';
import { createInterface } from 'node:readline';

type Request = {
  id?: number;
  method?: string;
  params?: { name: string; arguments?: { lines?: string[] } };
};

const log = process.argv[2] as string;
const say = (line: string): void => {
  process.stdout.write(`${line}\n`);
};
const answer = (id: number | undefined, result: object): void =>
  say(JSON.stringify({ jsonrpc: '2.0', id, result }));
const text = (words: string) => ({ content: [{ type: 'text', text: words }] });
const tool = (name: string) => ({ name, inputSchema: { type: 'object' } });

function onCall({ id, params }: Request): void {
  switch (params?.name) {
    case 'read_text_file':
      for (const line of params.arguments?.lines ?? [])
        say(line === 'flood' ? 'x'.repeat(17 * 1_048_576) : line);
      answer(id, text('said'));
      return;
    case 'move_file':
      return;
    case 'boom':
      process.exit(7);
      break;
    default:
      answer(id, text(params?.name === 'write_file' ? 'written' : 'listed'));
  }
}

createInterface({ input: process.stdin }).on('line', (line) => {
  appendFileSync(log, `${line}\n`);
  const request = JSON.parse(line) as Request;
  if (request.method === 'initialize') {
    const capabilities = { tools: {}, tasks: { requests: { tools: { call: {} } } } };
    answer(request.id, {
      protocolVersion: '2025-06-18',
      capabilities,
      serverInfo: { name: 'hostile', version: '1.0.0' },
    });
  } else if (request.method === 'tools/list') {
    answer(request.id, {
      tools: [{ ...tool('boom'), execution: { taskSupport: 'required' } }, tool('write_file')],
    });
  } else if (request.method === 'tools/call') onCall(request);
});
