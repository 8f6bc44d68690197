import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startConsole } from '@/lib/cli/console/start-console';
import { Cleanup, watchStopSignals } from '@/lib/cli/up/stop-signals';
import { startDemoWitnesses } from '@/lib/demo/witnesses/start-demo-witnesses';
import { getConfig } from '@/lib/server/config';
import { findFreePort } from '@/lib/server/database/embedded';
import { endPools } from '@/lib/server/database/end-pools';
import type { ConsoleState } from './console-state';
import { seedStories } from './seed-stories';

/** Starts a console of its own in a temporary directory, seeds it, tells the parent, and runs until the parent is done. */
async function runConsole(cleanup: Cleanup, signal: AbortSignal): Promise<void> {
  const root = mkdtempSync(join(tmpdir(), 'countersign-e2e-'));
  // As root PostgreSQL runs as another user, who must be able to pass through.
  chmodSync(root, 0o711);
  cleanup.add(() => rmSync(root, { recursive: true, force: true }));
  process.env.COUNTERSIGN_CHECKPOINT_SECONDS = '1';
  process.env.COUNTERSIGN_RETENTION_SECONDS = '2';
  process.env.COUNTERSIGN_TRACE_URL = 'https://tracing.example/trace/{trace_id}';
  const port = await findFreePort();
  const dataDirectory = join(root, 'data');
  const origin = `http://localhost:${port}`;
  const running = await startConsole(
    { port, host: '127.0.0.1', origin, dataDirectory, databaseUrl: undefined, empty: false },
    {
      cleanup,
      signal,
      onOutput: (text) => void process.stderr.write(text),
      beforeServer: async () => {
        const witnesses = await startDemoWitnesses({ dataDirectory, everySeconds: 1 });
        cleanup.add(witnesses.stop);
      },
    },
  );
  cleanup.add(() => endPools());
  const state: ConsoleState = {
    origin,
    ownerUrl: running.ownerUrl,
    appUrl: getConfig().databaseUrl,
    dataDirectory,
    ...(await seedStories()),
  };
  process.send?.(state);
  await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}

const cleanup = new Cleanup();
let exitCode = 0;
runConsole(cleanup, watchStopSignals())
  .catch((error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    exitCode = 1;
  })
  .then(() => cleanup.run())
  .then(() => process.exit(exitCode));
