/** Rules by which the console tells people that something is not as it should be, and the alerts that come of them. */
import { z } from 'zod';
import { control, foreignId } from '@/lib/decisions/record-payload';

const n = z.number().int();
const minutes = n.min(1).max(43_200);

export const ALERT_WINDOW_HOURS = [1, 6, 24, 168] as const;
export const alertWindow = z.union(ALERT_WINDOW_HOURS.map((hours) => z.literal(hours)));

export const alertSettings = z.discriminatedUnion('kind', [
  /** More than a share of decisions ended so, of at least `minimum`. */
  z.strictObject({
    kind: z.literal('rate'),
    outcome: z.enum(['escalate', 'refuse', 'defer']),
    abovePercent: n.min(1).max(99),
    windowHours: alertWindow,
    minimum: n.min(1).max(1_000_000),
    agent: foreignId.nullable(),
    control: control.nullable(),
  }),
  /** A producer is silent, as judged on the page Completeness. */
  z.strictObject({ kind: z.literal('silence') }),
  /** A hole in a producer's numbers has been open for longer. */
  z.strictObject({ kind: z.literal('gaps'), olderMinutes: minutes }),
  /** Median active dwell fell below a share of what it was in the four weeks before. */
  z.strictObject({
    kind: z.literal('dwell'),
    belowPercent: n.min(5).max(95),
    windowHours: alertWindow,
    minimum: n.min(5).max(100_000),
  }),
  /** More wait than this, or one waits for longer. */
  z.strictObject({ kind: z.literal('backlog'), waiting: n.min(1).max(100_000), oldestMinutes: minutes }),
  /** Too few outside authorities have seen the log for longer. */
  z.strictObject({ kind: z.literal('unwitnessed'), olderMinutes: minutes }),
  /** Decisions name a version that no change record announced. */
  z.strictObject({ kind: z.literal('unannounced') }),
]);
export type AlertSettings = z.infer<typeof alertSettings>;
export type AlertKind = AlertSettings['kind'];
export const ALERT_KINDS = [
  'rate',
  'silence',
  'gaps',
  'dwell',
  'backlog',
  'unwitnessed',
  'unannounced',
] as const satisfies readonly AlertKind[];

/** `[a-z0-9-]`: the only words of a rule that leave the console. */
export const alertRuleId = z.string().regex(/^[a-z0-9][a-z0-9-]{0,63}$/);

/** POST and PUT /api/v1/settings/alerts. */
export const writeAlertRule = z.strictObject({
  id: alertRuleId,
  settings: alertSettings,
  enabled: z.boolean(),
});
export type WriteAlertRule = z.infer<typeof writeAlertRule>;

export const alertRuleRow = writeAlertRule.extend({ changedAt: z.string(), changedBy: z.string() });
export type AlertRuleRow = z.infer<typeof alertRuleRow>;

/** What was measured when an alert opened, in words that a record may hold: no floats. */
export const alertMeasured = z.object({
  value: z.string(),
  bound: z.string(),
  unit: z.string(),
  n: n.nullable(),
});
export type AlertMeasured = z.infer<typeof alertMeasured>;

export const alertRow = z.object({
  id: z.string(),
  rule: z.string(),
  kind: z.enum(ALERT_KINDS),
  /** What it is about: `all`, a producer, a stream or a version. */
  scope: z.string(),
  measured: alertMeasured,
  openedAt: z.string(),
  /** Since when it would be over, if it stays so. */
  clearSince: z.string().nullable(),
  closedAt: z.string().nullable(),
  closing: z.enum(['cleared', 'rule-changed']).nullable(),
  record: z.object({ stream: z.string(), position: n }),
});
export type AlertRow = z.infer<typeof alertRow>;

export const alertList = z.object({ open: z.array(alertRow), closed: z.array(alertRow) });
export type AlertList = z.infer<typeof alertList>;

/** What a rule asks, in one sentence. */
export function describeRule(settings: AlertSettings): string {
  const hours = (windowHours: number) =>
    windowHours === 1 ? 'hour' : windowHours === 168 ? '7 days' : `${windowHours} hours`;
  switch (settings.kind) {
    case 'rate': {
      const { outcome, abovePercent, windowHours, minimum, agent } = settings;
      const word = { escalate: 'escalated', refuse: 'refused', defer: 'deferred' }[outcome];
      return `More than ${abovePercent}% ${word}${settings.control ? ` by ${settings.control}` : ''}${agent ? ` of ${agent}` : ''} in the last ${hours(windowHours)}, of at least ${minimum} decisions`;
    }
    case 'silence':
      return 'A producer is silent for longer than it should be';
    case 'gaps':
      return `Numbers of a producer are missing for more than ${settings.olderMinutes} minutes`;
    case 'dwell':
      return `Median dwell of the last ${hours(settings.windowHours)} below ${settings.belowPercent}% of the four weeks before, of at least ${settings.minimum} verdicts`;
    case 'backlog':
      return `More than ${settings.waiting} escalations wait, or one for more than ${settings.oldestMinutes} minutes`;
    case 'unwitnessed':
      return `Too few outside authorities have seen the log for more than ${settings.olderMinutes} minutes`;
    case 'unannounced':
      return 'Decisions name a version that no change record announced';
  }
}
