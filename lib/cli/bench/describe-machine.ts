import { availableParallelism, loadavg } from 'node:os';

/** Who shared the processor, and how busy it was: figures from a busy machine say little about an idle one. */
export function describeMachine(): string {
  const load = loadavg()[0] ?? 0;
  return `${availableParallelism()} cores shared by load generator, server, sequencer and PostgreSQL; load average at the end ${load.toFixed(1)}`;
}
