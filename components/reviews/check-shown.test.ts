import { describe, expect, it } from 'vitest';
import { displayDigest } from '@/lib/escalations/statement';
import { actionDigest, formatAction } from '@/lib/tokens/action';
import { checkShown } from './check-shown';
import { exampleDetail } from './example-detail.test-data';

const action = {
  subject: { type: 'agent', id: 'purchase-assistant' },
  resource: { type: 'merchant', id: 'mer_nova' },
  action: { name: 'payment.create', properties: { amount: '18500.00', currency: 'INR' } },
  context: {},
};
const honest = exampleDetail({ actionJson: formatAction(action), actionDigest: actionDigest(action) });
honest.displayDigest = displayDigest(honest);

describe('checkShown', () => {
  it('accepts what it recomputes', async () => {
    expect(await checkShown(honest)).toEqual({ verdict: 'valid' });
  });

  it('history and findings may move without changing what is signed', async () => {
    const moved = { ...honest, unusual: [], history: { ...honest.history, similar: [] } };
    expect(await checkShown(moved)).toEqual({ verdict: 'valid' });
  });

  it('bytes that are not there are neither valid nor forged', async () => {
    expect(await checkShown({ ...honest, actionJson: '' })).toEqual({ verdict: 'gone' });
  });

  it.each<[string, Partial<typeof honest>, string]>([
    ['one digit of the amount', { actionJson: honest.actionJson.replace('18500', '28500') }, 'action'],
    ['digest of another action', { actionDigest: `A${honest.actionDigest.slice(1)}` }, 'action'],
    ['key spelled twice', { actionJson: honest.actionJson.replace('{', '{"action":{},') }, 'bytes'],
    ['white space added', { actionJson: `${honest.actionJson} ` }, 'bytes'],
    ['keys in another order', { actionJson: '{"b":1,"a":2}' }, 'bytes'],
    ['no JSON at all', { actionJson: '<html>' }, 'bytes'],
    ['a smaller measured value', { measured: [] }, 'display'],
    ['the evidence left out', { evidence: null }, 'display'],
    ['another sentence', { row: { ...honest.row, sentence: { agent: 'a', verb: 'read' } } }, 'display'],
  ])('refuses %s', async (_, change, what) => {
    const check = await checkShown({ ...honest, ...change });
    expect(check).toMatchObject({ verdict: 'invalid', what });
  });
});
