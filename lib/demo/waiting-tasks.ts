import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { actionSchema } from '@/lib/tokens/action';

const task = z.object({
  id: z.string(),
  gateway: z.string(),
  decisionId: z.string(),
  action: actionSchema,
  downstream: z.array(z.object({ system: z.string(), type: z.string(), id: z.string() })),
});
export type WaitingTask = z.infer<typeof task>;

/**
 * What the demo's gateways are waiting for, kept in `<data>/demo/waiting.json` so that an approval given while the
 * demo was stopped is still redeemed when it starts again.
 */
export class WaitingTasks {
  readonly #path: string;
  readonly #tasks = new Map<string, WaitingTask>();

  constructor(dataDirectory: string) {
    this.#path = join(dataDirectory, 'demo', 'waiting.json');
    mkdirSync(join(dataDirectory, 'demo'), { recursive: true, mode: 0o700 });
    if (existsSync(this.#path)) {
      for (const item of z.array(task).parse(JSON.parse(readFileSync(this.#path, 'utf8'))))
        this.#tasks.set(item.id, item);
    }
  }

  list(): WaitingTask[] {
    return [...this.#tasks.values()];
  }

  add(waiting: WaitingTask): void {
    this.#tasks.set(waiting.id, waiting);
    this.#save();
  }

  remove(id: string): void {
    if (this.#tasks.delete(id)) this.#save();
  }

  #save(): void {
    writeFileSync(`${this.#path}.new`, JSON.stringify(this.list()), { mode: 0o600 });
    renameSync(`${this.#path}.new`, this.#path);
  }
}
