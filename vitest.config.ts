import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

/** Tests with a console, a database or processes of their own. */
const SERVER = [
  'lib/{server,cli,demo,gateway,verifier-page}/**/*.test.ts',
  'lib/evidence/package/**/*.test.ts',
  'lib/evidence/{artefact/verify-artefacts,tamper/tamper}.test.ts',
  'app/**/*.test.ts',
  'e2e/**/*.test.ts',
];

export default defineConfig({
  resolve: { alias: { '@': fileURLToPath(new URL('.', import.meta.url)).replace(/\/$/, '') } },
  test: {
    // The default leaves a core to watch mode, which is half of a small machine.
    maxWorkers: Math.max(2, availableParallelism()),
    // Only to end what hangs: a busy machine is no failure.
    testTimeout: 90_000,
    hookTimeout: 120_000,
    projects: [
      {
        extends: true,
        test: {
          name: 'pure',
          include: ['lib/**/*.test.ts', 'components/**/*.test.{ts,tsx}'],
          exclude: SERVER,
          // Pure code leaves nothing behind, and a fresh world for each file costs more than most of their tests.
          isolate: false,
        },
      },
      {
        extends: true,
        test: { name: 'server', include: SERVER, globalSetup: ['./lib/server/testing/global-setup.ts'] },
      },
    ],
  },
});
