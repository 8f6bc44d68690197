/**
 * The page that the benchmark opens: it runs the product's worker as the console's page does, and posts what it told and
 * when. Bundled by `serve-browser-case`; nothing imports it.
 */
import type { VerificationEvent, VerificationRequest } from '@/lib/client/verification/protocol';
import type { TenantMaterial } from '@/lib/evidence/verification-material';

export interface BrowserResult {
  /** From the start to the log's lines, and from those to the stream's. */
  logMs: number;
  streamMs: number;
  threads: number;
  events: VerificationEvent[];
}

function verify(material: TenantMaterial): Promise<BrowserResult> {
  return new Promise((resolve, reject) => {
    const threads = navigator.hardwareConcurrency;
    const events: VerificationEvent[] = [];
    const worker = new Worker('/verify.worker.ts', { type: 'module' });
    const startedMs = performance.now();
    let loggedMs = startedMs;
    let streamedMs = startedMs;
    worker.onerror = (event) => reject(new Error(event.message || 'the worker did not start'));
    worker.onmessage = ({ data }: MessageEvent<VerificationEvent>) => {
      if (data.type === 'log') loggedMs = performance.now();
      if (data.type === 'stream') streamedMs = performance.now();
      if (data.type !== 'progress' && data.type !== 'log-progress') events.push(data);
      if (data.type !== 'done' && data.type !== 'failed') return;
      worker.terminate();
      resolve({ logMs: loggedMs - startedMs, streamMs: streamedMs - loggedMs, threads, events });
    };
    const request: VerificationRequest = { type: 'tenant', material, fromStart: true, threads };
    worker.postMessage(request);
  });
}

async function run(): Promise<void> {
  const material = (await (await fetch('/material')).json()) as TenantMaterial;
  const result = await verify(material).catch((error: unknown) => ({ error: String(error) }));
  await fetch('/result', { method: 'POST', body: JSON.stringify(result) });
}

run();
