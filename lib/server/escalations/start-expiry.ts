import { closeDueBreakGlasses } from '../break-glass/close';
import { startLoop } from '../jobs/start-loop';
import { expireDue } from './expire';
import { raiseDue } from './raise';

const EVERY_MS = 1_000;

/**
 * Ends overdue escalations, closes what was opened for a short time and raises what nobody takes, each about once a
 * second: one that fails holds up none of the others. Nobody gains by a late end, since verdicts check the time themselves.
 */
export function startExpiry(): void {
  startLoop('expiring escalations', EVERY_MS, () => expireDue());
  startLoop('closing break-glass', EVERY_MS, () => closeDueBreakGlasses());
  startLoop('raising escalations', EVERY_MS, () => raiseDue());
}
