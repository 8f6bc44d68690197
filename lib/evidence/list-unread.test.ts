import { expect, test } from 'vitest';
import { listUnread } from './list-unread';

test('what a schema read is left alone; what it did not is told with its place, however deep', () => {
  const raw = {
    model: { name: 'm', temperature_mode: 'greedy' },
    context: { retrieval: { items: [{ id: 'a' }, { id: 'b', page: 7 }] } },
    mood: null,
  };
  const read = {
    model: { name: 'm', parameters: {} },
    context: { retrieval: { items: [{ id: 'a' }, { id: 'b' }] } },
  };
  expect(listUnread(raw, read)).toEqual([
    { path: 'model.temperature_mode', json: '"greedy"' },
    { path: 'context.retrieval.items.1.page', json: '7' },
    { path: 'mood', json: 'null' },
  ]);
});

test.each(['__proto__', 'constructor', 'toString'])(
  'a member called %s is not hidden behind a prototype',
  (name) => {
    const raw = JSON.parse(`{"${name}": 1}`);
    expect(listUnread(raw, {})).toEqual([{ path: name, json: '1' }]);
  },
);
