import fc from 'fast-check';
import { expect, it } from 'vitest';
import { applyRecipe, DRILL_RECIPES, type DrillCase } from './drill-recipes';
import { redrawIdentifiers } from './redraw-identifiers';

const TOKEN = `tok_${'8a2f'.repeat(8)}`;
const tool = {
  name: 'pay',
  tier: 'bounded' as const,
  category: 'payment',
  verb: 'pay',
  amount: '/action/properties/amount',
  amountMayBeAbsent: false,
  counterparty: '/resource/id',
  counterpartyMayBeAbsent: false,
  counterpartyName: '/resource/properties/name',
};
const past: DrillCase = {
  action: {
    subject: { type: 'agent', id: 'payments-agent' },
    resource: { type: 'account', id: 'acct-44718823', properties: { name: 'Nova Electronics' } },
    action: { name: 'pay', properties: { amount: '18500.00', invoice: 'INV-20417' } },
    context: { principal: { type: 'customer', token: TOKEN }, session_id: 'ses-88123' },
  },
  evidence: {
    agentSaid: `Paying INV-20417 for ${TOKEN}.`,
    retrieved: [
      {
        id: 'mail-5512',
        mediaType: 'text/plain',
        digest: `sha-256:${'ab'.repeat(32)}`,
        text: 'Invoice INV-20417: please pay 18,500.00 to acct-44718823.',
      },
    ],
    guardrails: [{ name: 'sanctions', version: '3', verdict: 'pass' }],
  },
};
const chance = fc.infiniteStream(fc.double({ min: 0, max: 0.999_999, noNaN: true }));

it('leaves nothing that names the past occasion, alike in action and texts, and keeps whom it goes to', () => {
  fc.assert(
    fc.property(chance, (stream) => {
      const next = () => stream.next().value as number;
      const made = redrawIdentifiers(past, ['acct-44718823', 'Nova Electronics'], next);
      const text = JSON.stringify(made);
      for (const old of [TOKEN, 'INV-20417', 'ses-88123', 'mail-5512', 'abababab'])
        expect(text).not.toContain(old);
      expect(made.action.resource).toEqual(past.action.resource);
      const invoice = made.action.action.properties?.invoice as string;
      expect(made.evidence.agentSaid).toContain(invoice);
      expect(made.evidence.retrieved[0]?.text).toContain(invoice);
      expect(invoice).toMatch(/^INV-\d{5}$/);
    }),
    { numRuns: 40 },
  );
});

it.each(DRILL_RECIPES)('%s changes one thing and says what would have given it away', (recipe) => {
  const draft = applyRecipe(recipe, past, tool, () => 0.5);
  expect(draft?.clue.length).toBeGreaterThan(20);
  const same =
    JSON.stringify([draft?.action, draft?.evidence]) === JSON.stringify([past.action, past.evidence]);
  expect(same).toBe(recipe === 'as-it-was');
});

it('a recipe that does not fit makes nothing', () => {
  const bare: DrillCase = { action: past.action, evidence: { retrieved: [], guardrails: [] } };
  for (const recipe of ['amount-slip', 'payee-swapped', 'planted-instruction', 'guardrail-ignored'] as const)
    expect(applyRecipe(recipe, bare, tool, () => 0.5)).toBeNull();
});
