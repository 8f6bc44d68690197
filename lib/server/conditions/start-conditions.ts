import { startLoop } from '../jobs/start-loop';
import { fetchMissingParents } from '../mesh/fetch-missing-parents';
import { sweepConditions } from './sweep-conditions';

const SWEEP_MS = 2_000;
const FETCH_MS = 5_000;

/**
 * Sweeps, and asks peers for missing parents: a slow peer holds up nobody. No token passes by a late sweep, since every
 * action's evidence is checked itself.
 */
export function startConditions(): void {
  startLoop('sweeping conditions', SWEEP_MS, () => sweepConditions());
  startLoop('asking peers for parents', FETCH_MS, () => fetchMissingParents());
}
