import { expect, vi } from 'vitest';
import { ERROR_STATUS, type ErrorCode } from '@/lib/server/errors';
import { type Organisation, ROLE_NAMES } from './world';

export interface Answer {
  status: number;
  /** Of a problem document; null for a success. */
  code: ErrorCode | null;
  text: string;
  headers: Headers;
}

const MAX_STREAM_CHUNKS = 2;

/** Reads an answer; of an endless event stream only its beginning. */
export async function readAnswer(response: Response): Promise<Answer> {
  const { status, headers } = response;
  const text = headers.get('content-type')?.startsWith('text/event-stream')
    ? await readBeginning(response)
    : await response.text();
  return { status, code: status >= 400 ? codeOf(text) : null, text, headers };
}

async function readBeginning(response: Response): Promise<string> {
  const reader = response.body?.getReader();
  let text = '';
  for (let i = 0; reader && i < MAX_STREAM_CHUNKS; i++)
    text += new TextDecoder().decode((await reader.read()).value);
  await reader?.cancel();
  return text;
}

function codeOf(text: string): ErrorCode {
  const problem = JSON.parse(text) as { code: ErrorCode; type: string; status: number };
  expect(problem.type).toBe(`/problems/${problem.code}`);
  expect(ERROR_STATUS).toHaveProperty([problem.code]);
  return problem.code;
}

/** The status of a success or the code of a refusal, whose status is the documented one. */
export function outcomeOf(answer: Answer): number | ErrorCode {
  if (answer.code === null) return answer.status;
  expect(answer.status, answer.text).toBe(ERROR_STATUS[answer.code]);
  expect(answer.headers.get('content-type')).toBe('application/problem+json');
  return answer.code;
}

/** Nothing in an answer of the organisation's people or machines tells of another organisation, or of the machine room. */
export function expectNoLeak(answer: Answer, foreign: Organisation): void {
  for (const secret of secretsOf(foreign)) expect(answer.text).not.toContain(secret);
  expect(answer.text).not.toMatch(/\bat (?:async )?[\w.<>]+ \(|node_modules|\/lib\/server\//);
  expect(answer.text).not.toMatch(/\bSELECT\b|\bINSERT INTO\b|(?<![\w-])pg_|syntax error at/);
  if (answer.status >= 400) expect(answer.text).not.toMatch(/[\w.]+@[\w.]+\.\w+/);
}

/** Ids and words by which an organisation could be recognised. */
export function secretsOf(organisation: Organisation): string[] {
  const { tenant, members, gateway, otherGateway, pipeline, decision, pending, approval, marker } =
    organisation;
  const people = ROLE_NAMES.flatMap((role) => [members[role].id, members[role].name, members[role].email]);
  const machines = [gateway, otherGateway, pipeline].flatMap(({ id, keyid }) => [id, keyid]);
  return [tenant, decision, pending, approval.id, approval.token, marker, ...people, ...machines];
}

/** Everything that the console would write to its log from now on. */
export function captureLog(): string[] {
  const lines: string[] = [];
  for (const method of ['error', 'warn', 'info', 'log'] as const) {
    vi.spyOn(console, method).mockImplementation((...parts: unknown[]) => {
      lines.push(parts.map((part) => (part instanceof Error ? printError(part) : String(part))).join(' '));
    });
  }
  return lines;
}

/** As Node prints it: with every own property, such as PostgreSQL's `detail`. */
function printError(error: Error): string {
  return `${error.stack} ${JSON.stringify(error, Object.getOwnPropertyNames(error))}`;
}
