import { nowMs } from '../clock';
import { inTransaction } from '../database/transaction';
import { startLoop } from '../jobs/start-loop';
import { joinLateMarks } from './join-late-marks';

const EVERY_MS = 1_000;

/** Joins what later records say to their decisions about once a second. Of several processes each takes other rows. */
export function startLateMarks(): void {
  startLoop('joining late marks', EVERY_MS, async (signal) => {
    while (!signal.aborted && (await inTransaction((tx) => joinLateMarks(tx, nowMs()))) > 0);
  });
}
