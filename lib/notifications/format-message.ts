import { formatInstant } from '@/lib/core/instant';
import type { Tier } from '@/lib/decisions/record-payload';
import type { Message } from './notice';
import type { NoticeKind } from './notification-kinds';

const TIER_WORDS: Readonly<Record<Tier, string>> = {
  reversible: 'reversible',
  bounded: 'irreversible, bounded',
  unbounded: 'irreversible, unbounded',
};

const SENTENCES: Readonly<Record<NoticeKind, string>> = {
  'escalation.new': 'An escalation waits for your decision.',
  'escalation.reminder': 'An escalation still waits and will expire undecided.',
  'escalation.further': 'An escalation was handed on and waits for your decision.',
  'claim.lapsed': 'Your claim of an escalation lapsed; anybody may take it now.',
  'information.requested': 'A reviewer asks for information about an action of this agent.',
  'information.answered': 'The information you asked for has arrived.',
  'escalation.expired': 'An escalation expired without a decision. Nothing was approved.',
  'break-glass': 'Break-glass was used. An after-review is due.',
  alert: 'An alert of insights fired.',
  test: 'This is a test from the settings. Nothing waits for you.',
  'task.changed': 'A task changed. Fetch it: this message is no authority.',
};

/** The words of a notice: which kind, tier, agent, how much time is left, and where to look. Nothing else, ever. */
export function formatMessage(
  message: Message,
  { origin, nowMs }: { origin: string; nowMs: number },
): { subject: string; lines: string[]; link: string } {
  const { about, expiresAtMs, kind } = message;
  const sentence = SENTENCES[kind];
  const lines = [sentence];
  if (about.rule) lines.push(`Rule: ${about.rule}`);
  if (about.agent) lines.push(`Agent: ${about.agent}`);
  if (about.tier) lines.push(`Tier: ${TIER_WORDS[about.tier]}`);
  if (expiresAtMs !== null && kind !== 'escalation.expired')
    lines.push(`Time left: ${formatTimeLeft(expiresAtMs - nowMs)}, until ${formatInstant(expiresAtMs)}`);
  return { subject: `Countersign: ${sentence}`, lines, link: `${origin}${about.path}` };
}

/** Whole minutes, hours or days, rounded down: nobody is promised more than there is. */
export function formatTimeLeft(leftMs: number): string {
  if (leftMs <= 0) return 'none';
  const minutes = Math.floor(leftMs / 60_000);
  if (minutes < 1) return 'less than a minute';
  if (minutes < 120) return minutes === 1 ? '1 minute' : `${minutes} minutes`;
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `${hours} hours` : `${Math.floor(hours / 24)} days`;
}
