/**
 * What people and machines are told of outside the console. A drill is told like any other escalation: there is no kind
 * for it on purpose.
 */
export const NOTIFICATION_KINDS = [
  'escalation.new',
  'escalation.reminder',
  'escalation.further',
  'claim.lapsed',
  'information.requested',
  'information.answered',
  'escalation.expired',
  'break-glass',
  'alert',
] as const;
export type NotificationKind = (typeof NOTIFICATION_KINDS)[number];

/** `test` comes from the settings' button; `task.changed` only goes to a gateway's own callback. */
export type NoticeKind = NotificationKind | 'test' | 'task.changed';

/** As the settings name them. */
export const KIND_NAMES: Readonly<Record<NotificationKind, string>> = {
  'escalation.new': 'A new escalation that you may decide',
  'escalation.reminder': 'A reminder before it expires',
  'escalation.further': 'An escalation handed to a higher authority',
  'claim.lapsed': 'Your claim lapsed',
  'information.requested': 'A reviewer asks for information',
  'information.answered': 'Information you asked for has arrived',
  'escalation.expired': 'An escalation expired undecided',
  'break-glass': 'Break-glass was used',
  alert: 'An alert of insights',
};

/** Said in spite of quiet hours. */
export const URGENT_KINDS: readonly NoticeKind[] = ['break-glass', 'test'];

/** Worth nothing any more once the escalation has ended. */
export const PENDING_KINDS: readonly NoticeKind[] = [
  'escalation.new',
  'escalation.reminder',
  'escalation.further',
  'claim.lapsed',
  'information.requested',
  'information.answered',
];
