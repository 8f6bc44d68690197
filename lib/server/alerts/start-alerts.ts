import { startLoop } from '../jobs/start-loop';
import { evaluateAlerts } from './evaluate-alerts';

const EVERY_MS = 20_000;

/** Evaluates the rules; between processes a lock decides. After a failure an alert is late, not lost. */
export function startAlerts(): void {
  startLoop('evaluating alerts', EVERY_MS, () => evaluateAlerts());
}
