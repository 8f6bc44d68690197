import { expect, it } from 'vitest';
import { formatTraceUrl, isTraceTemplate } from './trace-url';

const ID = '0af7651916cd43dd8448eb211c80319c';

it('puts a trace id where the template says', () => {
  const template = 'https://jaeger.example/trace/{trace_id}';
  expect(formatTraceUrl(template, ID)).toBe(`https://jaeger.example/trace/${ID}`);
  expect(formatTraceUrl(template, 'javascript:alert(1)')).toBeNull();
  expect(formatTraceUrl(template, '0'.repeat(32))).toBeNull();
});

it.each([
  ['a path', 'https://jaeger.example/trace/{trace_id}', true],
  ['a query', 'http://localhost:3000/explore?trace={trace_id}&org=1', true],
  ['a fragment', 'https://apm.example/app#/traces/{trace_id}', true],
  ['no placeholder', 'https://jaeger.example/trace/', false],
  ['two placeholders', 'https://jaeger.example/{trace_id}/{trace_id}', false],
  ['a placeholder in the host', 'https://{trace_id}.example/', false],
  ['a host that ends in the placeholder', 'https://jaeger.example{trace_id}/', false],
  ['a script', 'javascript:open("{trace_id}")', false],
  ['a file', 'file:///traces/{trace_id}', false],
  ['a password', 'https://me:secret@jaeger.example/{trace_id}', false],
  ['no address', '/trace/{trace_id}', false],
])('%s', (_what, template, allowed) => {
  expect(isTraceTemplate(template)).toBe(allowed);
});
