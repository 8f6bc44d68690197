import { z } from 'zod';
import { ROLES } from '@/lib/identity/role';

const machine = z.object({
  tenant: z.string(),
  id: z.string(),
  keyid: z.string(),
  /** Ed25519 seed, hex. */
  seed: z.string(),
});

const person = z.object({
  id: z.string(),
  email: z.string(),
  name: z.string(),
  tenant: z.string(),
  role: z.enum(ROLES),
  /** The subject token behind which this person is a customer too: they must not approve what it asks for. */
  ownToken: z.string().nullable(),
});

/** What the stories know of the console that runs for them. */
export const consoleState = z.object({
  origin: z.string(),
  /** The database's superuser, for tampering that the console's own role could not do. */
  ownerUrl: z.string(),
  /** The console's own role, for the verbs that an operator's commands use. */
  appUrl: z.string(),
  dataDirectory: z.string(),
  password: z.string(),
  /** Secret of the one-time link for a first administrator; for one story. */
  joinSecret: z.string(),
  people: z.array(person),
  /** Somebody who belongs to both organisations: compliance officer in the first, auditor in the second. */
  inBoth: person,
  gateways: z.array(machine),
  agents: z.array(machine),
});
export type ConsoleState = z.infer<typeof consoleState>;

/**
 * Whose console it is in a story. `north` and `south` are busy; `east` has gateways and no traffic but its own story's,
 * so that numbers can be compared; in `harbour` nothing has happened yet; in `west` closing an account
 * needs two passkeys.
 */
export type StoryTenant = 'north' | 'south' | 'east' | 'harbour' | 'west' | 'vale';

/** Where the global setup leaves the state for the workers. */
export const STATE_VARIABLE = 'COUNTERSIGN_E2E';

/** The running console's state, in a worker. */
export function readConsoleState(): ConsoleState {
  const text = process.env[STATE_VARIABLE];
  if (!text) throw new Error('The console for the stories is not running: start them with Playwright.');
  return consoleState.parse(JSON.parse(text));
}
