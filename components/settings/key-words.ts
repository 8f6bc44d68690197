/** What each of the console's keys is for. */
export const KEY_WORDS: Readonly<Record<string, { name: string; about: string }>> = {
  approval: { name: 'Approvals', about: 'signs approval tokens for gateways' },
  journal: { name: 'Journal', about: 'signs what the console itself did' },
  log: { name: 'Log', about: 'signs checkpoints; a new one would be a new log' },
  drill: { name: 'Drills', about: 'signs rehearsals, never approvals' },
  witness: { name: 'Witness', about: 'cosigns other consoles’ checkpoints; they pinned it' },
  mesh: { name: 'Requests', about: 'signs what it asks of other consoles; they pinned it' },
};

/** Those that can be exchanged here. */
export const ROTATABLE: readonly string[] = ['approval', 'journal'];
