import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Tests with a console or a database of their own. */
const SERVER = [
  'lib/{server,cli,demo,gateway,verifier-page}/**/*.test.ts',
  'lib/evidence/package/**/*.test.ts',
  'lib/evidence/{artefact/verify-artefacts,tamper/tamper}.test.ts',
  'app/**/*.test.ts',
];

/** Longer than most others together: begun last, each would keep one core alone at the end. */
const LONG = /\/e2e\/(routes\/roles|drills\/|gateways\/mcp)/;

class LongFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const isLong = ({ moduleId }: TestSpecification) => LONG.test(moduleId);
    return [...sorted.filter(isLong), ...sorted.filter((file) => !isLong(file))];
  }
}

const DATABASE = ['./lib/server/testing/global-setup.ts'];

export default defineConfig({
  resolve: { alias: { '@': fileURLToPath(new URL('.', import.meta.url)).replace(/\/$/, '') } },
  test: {
    // The default leaves a core to watch mode, which is half of a small machine.
    maxWorkers: Math.max(2, availableParallelism()),
    // Only to end what hangs: a busy machine is no failure.
    testTimeout: 90_000,
    hookTimeout: 120_000,
    sequence: { sequencer: LongFirst },
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
        test: {
          name: 'server',
          include: SERVER,
          globalSetup: DATABASE,
          // What the server keeps in a process it keeps in `sharedSingleton`, which every test console empties.
          isolate: false,
        },
      },
      {
        extends: true,
        test: { name: 'system', include: ['e2e/**/*.test.ts'], globalSetup: DATABASE },
      },
    ],
  },
});
