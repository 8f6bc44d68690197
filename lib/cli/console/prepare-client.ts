import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { withProgress } from '../progress';
import { PROJECT_ROOT } from '../project-root';
import { Refusal } from '../refusal';
import { runTool } from '../run-tool';

/** Generates the database client when it is missing or older than the schema. Works without a network. */
export async function prepareClient(signal?: AbortSignal): Promise<void> {
  const client = join(PROJECT_ROOT, 'lib', 'server', 'prisma', 'client.ts');
  const schema = join(PROJECT_ROOT, 'prisma', 'schema.prisma');
  if (existsSync(client) && statSync(client).mtimeMs >= statSync(schema).mtimeMs) return;
  await withProgress('Generating the database client', async () => {
    const made = await runTool('prisma/build/index.js', ['generate'], { signal });
    if (made.exitCode !== 0)
      throw new Refusal(`The database client could not be generated: ${made.output.trim().slice(-1000)}`);
  });
}
