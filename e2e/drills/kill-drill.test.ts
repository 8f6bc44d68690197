import { expect, it } from 'vitest';
import { runKillDrill } from './kill-drill';

/** Few enough for every run of the checks; `kill-drill-command.ts` kills hundreds of times. */
const KILLS = 4;

it(`${KILLS} kills of the app, one of them with the database: nothing acknowledged is lost, nothing forks`, async () => {
  const { audit, databaseKills } = await runKillDrill({
    kills: KILLS,
    databaseEvery: 4,
    random: Math.random,
  });
  expect(databaseKills).toBe(1);
  expect(audit).toMatchObject({
    lostRecords: [],
    brokenStreams: [],
    foreignEntries: 0,
    forks: 0,
    lostApprovals: [],
  });
  expect(audit.acknowledgedRecords).toBeGreaterThan(50);
  expect(audit.checkpoints).toBeGreaterThan(2);
  expect(audit.approvals).toBeGreaterThan(0);
  expect(audit.logSize).toBe(audit.storedRecords);
}, 120_000);
