import { describe, expect, it } from 'vitest';
import { type KeyRow, queueCommand } from './queue-keys';

const row = (id: string, change: Partial<KeyRow> = {}): KeyRow => ({
  id,
  isWaiting: true,
  isMine: false,
  isHeldByOther: false,
  isDeferred: false,
  ...change,
});
const rows = [
  row('1'),
  row('2', { isMine: true }),
  row('3', { isHeldByOther: true }),
  row('4', { isWaiting: false }),
  row('5'),
];

describe('queueCommand', () => {
  it.each<[string, string | null, unknown]>([
    ['j', null, { do: 'select', id: '1' }],
    ['j', '1', { do: 'select', id: '2' }],
    ['ArrowDown', '4', { do: 'select', id: '5' }],
    ['j', '5', null],
    ['k', '1', null],
    ['k', null, { do: 'select', id: '5' }],
    ['ArrowUp', '2', { do: 'select', id: '1' }],
    ['Home', '4', { do: 'select', id: '1' }],
    ['End', '1', { do: 'select', id: '5' }],
    ['n', '2', { do: 'select', id: '5' }],
    ['n', '5', { do: 'select', id: '1' }],
    ['n', null, { do: 'select', id: '1' }],
    ['Enter', '4', { do: 'open', id: '4' }],
    ['Enter', null, null],
    ['c', '1', { do: 'claim', id: '1' }],
    ['c', '2', { do: 'release', id: '2' }],
    ['c', '3', null],
    ['c', '4', null],
    ['a', '1', { do: 'approve', id: '1' }],
    ['d', '3', { do: 'deny', id: '3' }],
    ['a', '4', null],
    ['a', null, null],
    ['x', '1', null],
    ['A', '1', null],
  ])('%s on %s', (key, selected, command) => expect(queueCommand(key, rows, selected)).toEqual(command));

  it('has nothing to do in an empty queue', () => {
    for (const key of ['j', 'k', 'n', 'Home', 'End', 'Enter', 'c', 'a', 'd']) {
      expect(queueCommand(key, [], null)).toBeNull();
      expect(queueCommand(key, [], 'gone')).toBeNull();
    }
  });

  it('moves on from a selection that has left the list', () => {
    expect(queueCommand('j', rows, 'gone')).toEqual({ do: 'select', id: '1' });
  });
});
