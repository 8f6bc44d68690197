import { describe, expect, test } from 'vitest';
import { utf8 } from '@/lib/core/bytes';
import { tellStory } from '../decision-story';
import { body, buildCase, PRODUCER } from '../testing/build-case';
import { decisionName, describeDecision } from './describe-decision';
import { parseProvDocument } from './prov-document';

const { detail } = buildCase();
const story = tellStory(detail.related);
const parse = (...described: ReturnType<typeof describeDecision>[]) =>
  parseProvDocument(
    utf8(
      JSON.stringify({
        prefix: { cs: 'https://console.test/prov#' },
        bundle: Object.fromEntries(described.map(({ name, bundle }) => [name, bundle])),
      }),
    ),
  );

test('a reviewed decision is valid PROV-JSON, from what it used to what came of it', () => {
  const described = describeDecision({ row: detail.row, body, story, parents: [] });
  const parsed = parse(described);
  expect(parsed.ok).toBe(true);
  const { bundle } = described;
  const types = Object.values({ ...bundle.entity, ...bundle.activity, ...bundle.agent }).map(
    (attributes) => attributes['prov:type'],
  );
  expect(types).toEqual(
    expect.arrayContaining([
      'cs:Decision',
      'cs:Model',
      'cs:Prompt',
      'cs:Policy',
      'cs:Review',
      'cs:ApprovalToken',
    ]),
  );
  expect(types).toEqual(expect.arrayContaining(['cs:Execution', 'cs:Downstream', 'prov:SoftwareAgent']));
  expect(Object.keys(bundle.actedOnBehalfOf ?? {})).toHaveLength(1);
});

describe('what an agent may write', () => {
  const row = (position: number, at: string, id: string) => ({
    id,
    stream: PRODUCER,
    position,
    occurredAt: at,
  });
  const early = row(1, '2026-11-20T06:00:00.000Z', 'dec_a');
  const late = row(2, '2026-11-20T06:01:00.000Z', 'dec_b');
  const naming = (...parents: string[]) => ({ ...body, identity: { ...body.identity, parents } });
  const nothing = tellStory([]);

  test('two decisions that name each other make no circle: only what came before is a cause', () => {
    const parsed = parse(
      describeDecision({ row: early, body: naming('dec_b'), story: nothing, parents: [late] }),
      describeDecision({ row: late, body: naming('dec_a'), story: nothing, parents: [early] }),
    );
    expect(parsed.ok).toBe(true);
    const relations = parsed.ok
      ? Object.values(parsed.value.bundle).flatMap(({ wasInformedBy }) => Object.values(wasInformedBy ?? {}))
      : [];
    expect(relations).toEqual([
      { 'prov:informed': decisionName(late), 'prov:informant': decisionName(early) },
    ]);
  });

  test('a decision that names itself, and one that is not here, is a claim', () => {
    const described = describeDecision({
      row: early,
      body: naming('dec_a', 'dec_elsewhere'),
      story: nothing,
      parents: [early],
    });
    expect(parse(described).ok).toBe(true);
    expect(described.bundle.activity?.[decisionName(early)]?.['cs:claimedParent']).toEqual([
      'dec_a',
      'dec_elsewhere',
    ]);
  });

  test('the digest of its output as its input makes no circle', () => {
    const digest = `sha3-512:${'ab'.repeat(64)}`;
    const payload = { digest, media_type: 'text/plain', byte_count: 1 };
    const looped = { ...body, input: payload, output: { ...body.output, payload } };
    expect(parse(describeDecision({ row: early, body: looped, story: nothing, parents: [] })).ok).toBe(true);
  });

  test.each([
    ['a long label outside ASCII', '\u0905'.repeat(256)],
    ['quotes, slashes and colons', 'a"b\\c:d/e f%20(g)*~'],
    ['a name of an object’s prototype', '__proto__'],
    ['a lone surrogate', 'a\ud800b'],
  ])('%s still gives names that read', (_, version) => {
    const odd = {
      ...body,
      identity: { ...body.identity, agent: { ...body.identity.agent, version, name: 'n' } },
    };
    expect(parse(describeDecision({ row: early, body: odd, story: nothing, parents: [] })).ok).toBe(true);
  });
});
