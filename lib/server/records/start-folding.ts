import { nowMs } from '../clock';
import { startLoop } from '../jobs/start-loop';
import { foldDueDays } from './fold-days';

const EVERY_MS = 5 * 60_000;

/** Folds days that have ended, and those that decisions came for since; of several processes one does it. */
export function startFolding(): void {
  startLoop('folding days', EVERY_MS, (signal) => foldDueDays({ nowMs: nowMs() }, signal));
}
