import { type SimulationReport, simulationLine } from '@/lib/policy/simulation-report';
import { fetchAnswer, RequestError } from './fetch-json';

/**
 * Has a policy played over past decisions. `onProgress` is told how far it has come; aborting `signal` ends it here and on
 * the server.
 * @throws RequestError when it was refused, failed or ended without a result; the abort's error when aborted
 */
export async function simulatePolicy(
  asked: { text: string; days: number },
  onProgress: (done: number, total: number) => void,
  signal: AbortSignal,
): Promise<SimulationReport> {
  const { body } = await fetchAnswer('/api/v1/policies/simulate', { method: 'POST', body: asked, signal });
  try {
    for await (const line of body ? readLines(body) : []) {
      const parsed = simulationLine.safeParse(JSON.parse(line));
      if (!parsed.success || parsed.data.type === 'failed') break;
      if (parsed.data.type === 'result') return parsed.data.report;
      onProgress(parsed.data.done, parsed.data.total);
    }
  } catch (error) {
    if (signal.aborted) throw error;
    throw new RequestError(
      'The connection broke before there was a result. Nothing was changed; try again.',
      0,
    );
  }
  throw new RequestError('The simulation ended without a result. Nothing was changed; try again.', 0);
}

async function* readLines(body: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  const reader = body.getReader();
  let rest = '';
  for (;;) {
    const { done, value } = await reader.read();
    const parts = (rest + decoder.decode(value, { stream: !done })).split('\n');
    rest = parts.pop() ?? '';
    yield* parts;
    if (done) return;
  }
}
