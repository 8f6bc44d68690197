import { describe, expect, it } from 'vitest';
import { parseFind } from './parse-find';

const UUID = '01a1f818-9e64-7177-b7cb-0686749afeb3';
const TOKEN = 'tok_8a2f90c6d1e84b7f9a3352b17e06c41d';
const TRACE = '7817a3c05e8f4d52b1f05f0b9cd1a64f';
const jws = (claims: unknown) =>
  `${btoa('{"alg":"Ed25519"}').replaceAll('=', '')}.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.${'A'.repeat(86)}`;

describe('parseFind', () => {
  it.each([
    ['a decision', `dec_${UUID}`, `/decisions/dec_${UUID}`],
    ['an escalation', `esc_${UUID}`, `/queue/esc_${UUID}`],
    ['an approval', `apr_${UUID}`, `/lineage?node=apr_${UUID}`],
    ['a record', `rec_${UUID}`, `/lineage?node=rec_${UUID}`],
    ['a subject token', TOKEN, `/decisions?q=subject%3A${TOKEN}`],
    ['a trace id', TRACE, `/decisions?q=trace%3A${TRACE}`],
    ['a traceparent header', `00-${TRACE}-00f067aa0ba902b7-01`, `/decisions?q=trace%3A${TRACE}`],
    ['a digest', `sha-256:${'ab'.repeat(32)}`, `/lineage?node=sha-256%3A${'ab'.repeat(32)}`],
    ['search terms', 'agent:refunds outcome:refuse', '/decisions?q=agent%3Arefunds%20outcome%3Arefuse'],
    ['a decision id that somebody else made', 'decision:run-4177', '/decisions?q=decision%3Arun-4177'],
    ['an id copied with spaces and capitals', `  DEC_${UUID.toUpperCase()} \n`, `/decisions/dec_${UUID}`],
  ])('leads from %s to its page', (_, text, href) => {
    expect(parseFind(text).finds.map((find) => find.href)).toEqual([href]);
  });

  it('leads from a pasted token to what it claims, and says that it is only claimed', () => {
    const answer = parseFind(jws({ jti: `apr_${UUID}`, task_id: `esc_${UUID}` }));
    expect(answer.finds.map((find) => find.href)).toEqual([
      `/queue/esc_${UUID}`,
      `/lineage?node=apr_${UUID}`,
    ]);
    expect(answer.finds.every((find) => find.note?.includes('not checked'))).toBe(true);
  });

  it('never puts the token itself into an address', () => {
    const token = jws({ jti: `apr_${UUID}`, email: 'someone@example.org' });
    const hrefs = parseFind(token)
      .finds.map((find) => find.href)
      .join(' ');
    expect(hrefs).not.toContain(token.split('.')[2]);
    expect(hrefs).not.toContain('someone');
  });

  it.each([
    ['claims that are no JSON', `e30.${btoa('not json').replaceAll('=', '')}.AAAA`],
    ['claims that are no object', jws(null)],
    ['an id that leaves the path', jws({ task_id: `esc_${UUID}/../../settings` })],
    ['an id that is a script', jws({ jti: 'javascript:alert(1)' })],
    ['a claim of another type', jws({ jti: [`apr_${UUID}`] })],
    ['a decision id where an approval belongs', jws({ jti: `dec_${UUID}` })],
  ])('goes nowhere for a token with %s', (_, text) => {
    expect(parseFind(text)).toEqual({ finds: [], problem: 'unreadable_token' });
  });

  it.each([
    ['nothing', '   '],
    ['a name, which is personal data', 'Meera Iyer'],
    ['an e-mail address', 'meera@example.org'],
    ['a field that would carry personal data', 'email:meera@example.org'],
    ['an unknown prefix', `per_${UUID}`],
    ['a token with a digit too many', `${TOKEN}0`],
    ['a path', '../settings'],
    ['an address of another site', '//evil.example'],
  ])('goes nowhere for %s', (_, text) => {
    expect(parseFind(text)).toEqual({ finds: [] });
  });

  it('does not parse what nobody pastes by hand', () => {
    expect(parseFind(`dec_${'a'.repeat(20_000)}`)).toEqual({ finds: [], problem: 'too_long' });
  });
});
