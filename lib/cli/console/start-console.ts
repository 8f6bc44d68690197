import type { Cleanup } from '../up/stop-signals';
import { consoleEnvironment } from './console-environment';
import { claimDataDirectory } from './data-directory';
import { openDatabase } from './open-database';
import { prepareBuild } from './prepare-build';
import { prepareClient } from './prepare-client';
import { type RunningServer, requireFreePort, startServer } from './start-server';

export interface ConsoleSettings {
  port: number;
  host: string;
  origin: string;
  dataDirectory: string;
  databaseUrl: string | undefined;
  empty: boolean;
}

export interface RunningConsole {
  server: RunningServer;
  /** Whether this data directory holds the demo. */
  demo: boolean;
  ownerUrl: string;
}

/**
 * Everything from an empty directory to a ready console: data directory, keys, PostgreSQL, schema, build, server.
 * What it opened is in `cleanup`. The verbs of lib/server work in this process afterwards.
 * @throws Refusal one sentence and what to do
 */
export async function startConsole(
  settings: ConsoleSettings,
  context: {
    cleanup: Cleanup;
    signal: AbortSignal;
    onOutput: (text: string) => void;
    /** Runs once the verbs work in this process and before the server does. */
    beforeServer?: (console: { demo: boolean }) => Promise<void>;
  },
): Promise<RunningConsole> {
  const { cleanup, signal, onOutput, beforeServer } = context;
  await requireFreePort(settings.port, settings.host);
  const data = claimDataDirectory(settings.dataDirectory, settings.empty);
  cleanup.add(data.release);
  await prepareClient(signal);
  const database = await openDatabase(settings);
  cleanup.add(database.stop);
  signal.throwIfAborted();
  const env = consoleEnvironment({
    dataDirectory: data.directory,
    appUrl: database.appUrl,
    origin: settings.origin,
    demo: data.demo,
  });
  Object.assign(process.env, env);
  await prepareBuild(signal);
  signal.throwIfAborted();
  await beforeServer?.({ demo: data.demo });
  signal.throwIfAborted();
  const server = await startServer({ port: settings.port, host: settings.host, env, onOutput });
  cleanup.add(server.stop);
  signal.throwIfAborted();
  return { server, demo: data.demo, ownerUrl: database.ownerUrl };
}
