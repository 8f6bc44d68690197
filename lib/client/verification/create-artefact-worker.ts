/** The worker that reads dropped files, as this console serves it. The single-file verifier carries its own copy. */
export function createArtefactWorker(): Worker {
  return new Worker(new URL('./artefact.worker.ts', import.meta.url), { type: 'module' });
}
