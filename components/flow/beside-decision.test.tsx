import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { renderToStaticMarkup } from 'react-dom/server';
import { expect, it, vi } from 'vitest';
import { exampleDetail } from '@/components/reviews/example-detail.test-data';
import type { Review } from '@/components/reviews/use-review';
import type { FlowView } from '@/lib/escalations/flow-view';
import { BesideDecision } from './beside-decision';
import { InformationRows } from './information-rows';

vi.mock('next/navigation', () => ({ useRouter: () => ({ push: () => {} }) }));

const HOSTILE = '<img src=x onerror=alert(1)> \u202egnp';
const flowOf = (change: Partial<FlowView>): FlowView => ({ ...exampleDetail().flow, ...change });

function draw(flow: Partial<FlowView>): string {
  const shown = exampleDetail({ flow: flowOf(flow) });
  const review: Review = {
    shown,
    check: { verdict: 'valid' },
    isStale: false,
    skewMs: 0,
    measuredAtMs: 0,
    liveness: 'live',
    isOffline: false,
    isAttentive: () => true,
    reload: () => {},
    refetch: () => {},
    claim: () => {},
    release: () => {},
    claimCode: null,
  };
  return renderToStaticMarkup(
    <QueryClientProvider client={new QueryClient()}>
      <BesideDecision review={review} />
      <InformationRows shown={shown} />
    </QueryClientProvider>,
  );
}

it('offers what may be done now, and narrowing only where it may be', () => {
  expect(draw({})).toContain('Ask for information');
  expect(draw({})).not.toContain('>Narrow');
  const places = [{ pointer: '/action/properties/amount', kind: 'lower' as const }];
  expect(draw({ narrow: { may: true, places } })).toContain('Narrow');
});

it('says that a machine recommends something, and what only after the first impression, as the machine’s', () => {
  expect(draw({ recommendation: { state: 'hidden' } })).toContain('I would approve');
  const words = {
    model: { provider: 'acme', name: 'risk', version: '3' },
    verdict: 'deny' as const,
    rationale: HOSTILE,
  };
  const shown = draw({ recommendation: { state: 'shown', words, impression: 'approve' } });
  expect(shown).toContain('a machine’s words, not checked by anyone');
  expect(shown).toContain('your first impression: approve');
});

it('draws hostile words of anybody as text', () => {
  const at = '2026-11-20T08:36:00.000Z';
  const drawn = draw({
    comments: [{ id: 'cmt_1', name: HOSTILE, mine: false, text: HOSTILE, at }],
    information: [
      {
        id: 'inf_1',
        question: HOSTILE,
        askedAt: at,
        mine: false,
        answer: HOSTILE,
        answeredBy: 'gateway',
        answeredAt: at,
      },
    ],
    supersedes: 'esc_before',
    narrowed: [{ pointer: '/action/properties/amount', kind: 'lower', from: HOSTILE, to: '1.00' }],
  });
  expect(drawn).not.toContain('<img');
  expect(drawn.match(/&lt;img/g)?.length).toBeGreaterThanOrEqual(4);
});

it('counts comments that are held back, without a word of them', () => {
  expect(draw({ heldComments: 2 })).toContain('2 shown after your own verdict');
});
