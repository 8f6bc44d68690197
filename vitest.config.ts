import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  resolve: { alias: { '@': fileURLToPath(new URL('.', import.meta.url)).replace(/\/$/, '') } },
  test: {
    include: ['lib/**/*.test.ts', 'components/**/*.test.{ts,tsx}', 'app/**/*.test.ts', 'e2e/**/*.test.ts'],
    globalSetup: ['./lib/server/testing/global-setup.ts'],
    // The default leaves a core to watch mode, which is half of a small machine.
    maxWorkers: Math.max(2, availableParallelism()),
    // Only to end what hangs: a busy machine is no failure.
    testTimeout: 90_000,
    hookTimeout: 120_000,
  },
});
