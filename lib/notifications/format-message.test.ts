import { expect, it } from 'vitest';
import { formatMessage, formatTimeLeft } from './format-message';
import { noticeAbout } from './notice';

it('never promises more time than there is', () => {
  expect(
    [-1, 0, 59_999, 60_000, 119 * 60_000, 120 * 60_000, 47 * 3_600_000, 50 * 3_600_000].map(formatTimeLeft),
  ).toEqual([
    'none',
    'none',
    'less than a minute',
    '1 minute',
    '119 minutes',
    '2 hours',
    '47 hours',
    '2 days',
  ]);
});

it('says kind, agent, tier, clock and link', () => {
  const message = {
    id: 'dlv_1',
    kind: 'escalation.reminder' as const,
    ref: 'esc_1',
    about: noticeAbout.parse({ path: '/queue/esc_1', agent: 'agent-7', tier: 'bounded' }),
    expiresAtMs: 600_000,
    createdAtMs: 0,
  };
  expect(formatMessage(message, { origin: 'https://console.test', nowMs: 0 })).toEqual({
    subject: 'Countersign: An escalation still waits and will expire undecided.',
    lines: [
      'An escalation still waits and will expire undecided.',
      'Agent: agent-7',
      'Tier: irreversible, bounded',
      'Time left: 10 minutes, until 1970-01-01T00:10:00.000Z',
    ],
    link: 'https://console.test/queue/esc_1',
  });
});

it.each([
  ['a name', { path: '/queue', agent: 'Nova Electronics Ltd.' }],
  ['a line break', { path: '/queue\nBcc: x@example.org' }],
  ['another host', { path: '//evil.example/<script>' }],
  ['free text for a rule', { path: '/insights', rule: 'Patient Smith refused' }],
])('refuses to carry %s', (_name, about) => {
  expect(noticeAbout.safeParse(about).success).toBe(false);
});
