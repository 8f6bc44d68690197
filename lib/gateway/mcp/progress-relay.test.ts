import { describe, expect, it } from 'vitest';
import { createProgressRelay } from './progress-relay';

describe('the progress of one request', () => {
  it('grows from our waiting on into the server’s work', () => {
    const relay = createProgressRelay();
    expect(relay.open('t')).toBe(true);
    expect(relay.waiting('t', 'w')).toEqual({ progressToken: 't', progress: 1, message: 'w' });
    expect(relay.waiting('t', 'w')).toMatchObject({ progress: 2 });
    expect(relay.relay({ progressToken: 't', progress: 50 })).toBeNull();
    relay.forward('t');
    expect(relay.relay({ progressToken: 't', progress: 0.5, total: 1 })).toEqual({
      progressToken: 't',
      progress: 2.5,
      total: 3,
    });
    relay.close('t');
    expect(relay.relay({ progressToken: 't', progress: 1 })).toBeNull();
  });

  it.each([
    ['of a token that nobody gave', { progressToken: 'x', progress: 1 }],
    ['of the same token as a number', { progressToken: 7, progress: 1 }],
    ['without a number', { progressToken: '7', progress: 'far' }],
    ['without anything', undefined],
  ])('is not relayed %s', (_attack, params) => {
    const relay = createProgressRelay();
    relay.open('7');
    relay.forward('7');
    expect(relay.relay(params)).toBeNull();
  });

  it('belongs to the request that gave its token first', () => {
    const relay = createProgressRelay();
    relay.open('t');
    expect(relay.open('t')).toBe(false);
  });
});
