/** `node --import tsx e2e/drills/kill-drill-command.ts [times]`: the long drill, 200 kills unless told otherwise. */
import { runKillDrill } from './kill-drill';

const DATABASE_EVERY = 10;

const kills = Number(process.argv[2] ?? 200);
const drill = await runKillDrill({
  kills,
  databaseEvery: DATABASE_EVERY,
  random: Math.random,
  progress: (done) => process.stderr.write(`\r${done} of ${kills}`),
});
process.stderr.write('\n');
console.log(JSON.stringify(drill, null, 2));
const { lostRecords, brokenStreams, foreignEntries, forks, lostApprovals } = drill.audit;
const clean = lostRecords.length + brokenStreams.length + foreignEntries + forks + lostApprovals.length === 0;
process.exit(clean ? 0 : 1);
