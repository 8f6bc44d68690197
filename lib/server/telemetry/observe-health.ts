import type { Meter } from '@opentelemetry/api';
import { getHealth } from '../health/get-health';

/** Gauges of what waits, read from the console's health once an export: totals, nothing of any tenant. */
export function observeHealth(meter: Meter): void {
  const waiting = meter.createObservableGauge('countersign.escalations.waiting');
  const backlog = meter.createObservableGauge('countersign.log.backlog', { unit: '{record}' });
  const lag = meter.createObservableGauge('countersign.log.lag', { unit: 's' });
  const witnesses = meter.createObservableGauge('countersign.witnesses.backlog', { unit: '{checkpoint}' });
  meter.addBatchObservableCallback(
    async (result) => {
      const health = await getHealth();
      // A database that is away says nothing, which is not zero.
      if (!health.ready) return;
      const { checkpointAt } = health.log;
      result.observe(waiting, health.backlog.pendingEscalations);
      result.observe(backlog, health.backlog.records);
      if (checkpointAt !== null)
        result.observe(
          lag,
          health.backlog.records === 0 ? 0 : Math.max(0, Date.now() - Date.parse(checkpointAt)) / 1000,
        );
      result.observe(
        witnesses,
        health.witnesses.each.reduce((sum, { backlog: n }) => sum + n, 0),
      );
    },
    [waiting, backlog, lag, witnesses],
  );
}
