import { registerVersion } from '@/lib/server/versions/register-version';
import { contentDigest } from './content-digest';
import { DAY_MS } from './day-ms';
import type { HistoryStage } from './history-stage';
import { listPrompts } from './prompts';

/** Registers the texts of a scenario's prompts on the day on which each came into force, or as history begins. */
export function planPrompts({ site, timeline, endMs }: HistoryStage, fromMs: number): void {
  const { scenario, keys } = site;
  for (const { producer, template } of scenario.prompts) {
    const key = keys.get(producer);
    if (!key) throw new Error(`The scenario names an unknown producer ${producer}.`);
    const caller = { ...key, producerId: producer, tenant: scenario.tenant, kind: 'agent' };
    for (const { version, content } of listPrompts(template)) {
      const change = scenario.changes.find(
        ({ name, toVersion }) => name === template && toVersion === version,
      );
      const atMs = Math.max(change ? endMs - change.daysAgo * DAY_MS : 0, fromMs + 1);
      const submission = {
        kind: 'prompt' as const,
        name: template,
        version,
        media_type: 'text/plain',
        content,
      };
      timeline.at(atMs, async () => {
        await registerVersion(caller, { ...submission, digest: contentDigest(content) }, { nowMs: atMs });
      });
    }
  }
}
