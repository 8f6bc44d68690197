import { readFile } from 'node:fs/promises';
import { createConformance } from '@/lib/contract/conform-lines';
import { CONFORMANCE_CODES, type ConformanceFinding, type ConformanceLine } from '@/lib/contract/conformance';
import { jwkThumbprint } from '@/lib/core/ed25519';
import { parseBase64url } from '@/lib/core/encoding';
import { invariant } from '@/lib/core/invariant';
import type { EnvelopeKey } from '@/lib/integrity/dsse';
import { PUBLIC_KEY_SENTENCES, parsePublicKeyText } from '@/lib/producers/parse-public-key-text';
import { Refusal } from '../refusal';
import { CONFORM_USAGE, parseConformSettings } from './conform-settings';
import { readLines } from './read-lines';

const USAGE_EXIT_CODE = 64;

/**
 * `countersign conform`: what a vendor's records miss, line by line. Needs no console and opens no connection.
 * @returns 0 complete, 1 something would be refused, 2 something is missing, 64 wrong arguments
 */
export async function conformCommand(args: string[]): Promise<number> {
  const settings = parseConformSettings(args);
  if (!settings) {
    console.error(CONFORM_USAGE);
    return USAGE_EXIT_CODE;
  }
  const keys = settings.keys.length === 0 ? null : await Promise.all(settings.keys.map(readKey));
  const counts = { refused: 0, missing: 0, advice: 0 };
  const count = (findings: readonly ConformanceFinding[]) => {
    for (const { level } of findings) counts[level] += 1;
  };
  let lines = 0;
  for (const file of settings.files) {
    const conformance = createConformance(keys);
    for await (const bytes of linesOf(file)) {
      const line = conformance.add(bytes);
      count(line.findings);
      lines += 1;
      print(settings.json ? JSON.stringify({ file, ...line }) : formatLine(file, line));
    }
    const end = conformance.end();
    count(end);
    if (end.length > 0) print(settings.json ? JSON.stringify({ file, end }) : formatEnd(file, end));
  }
  if (!settings.json) print(formatSum(lines, counts));
  if (lines === 0) return USAGE_EXIT_CODE;
  if (counts.refused > 0) return 1;
  return counts.missing > 0 ? 2 : 0;
}

async function* linesOf(file: string): AsyncGenerator<Uint8Array> {
  try {
    yield* readLines(file);
  } catch {
    throw new Refusal(`${file} cannot be read.`);
  }
}

async function readKey(path: string): Promise<EnvelopeKey> {
  const text = await readFile(path, 'utf8').catch(() => {
    throw new Refusal(`${path} cannot be read.`);
  });
  const parsed = parsePublicKeyText(text);
  if (!parsed.ok) throw new Refusal(`${path}: ${PUBLIC_KEY_SENTENCES[parsed.code]}`);
  const publicKey = parseBase64url(parsed.value);
  invariant(publicKey.ok, 'a parsed key is base64url');
  return { keyid: jwkThumbprint(publicKey.value), publicKey: publicKey.value };
}

function formatLine(file: string, { line, kind, id, findings }: ConformanceLine): string {
  const head = `${file}:${line}${kind === undefined ? '' : ` ${kind} ${id}`}`;
  return findings.length === 0 ? '' : [head, ...findings.map(formatFinding)].join('\n');
}

function formatEnd(file: string, findings: readonly ConformanceFinding[]): string {
  return [`${file}: all lines`, ...findings.map(formatFinding)].join('\n');
}

function formatFinding({ code, level, path, detail }: ConformanceFinding): string {
  const place = path === undefined ? '' : ` ${path}`;
  return `  ${level.padEnd(7)} ${code}${place}${detail === undefined ? '' : ` (${detail})`}\n          ${CONFORMANCE_CODES[code][1]}`;
}

function formatSum(lines: number, counts: Record<ConformanceFinding['level'], number>): string {
  const { refused, missing, advice } = counts;
  return `\n${lines} ${lines === 1 ? 'line' : 'lines'}: ${refused} refused, ${missing} missing, ${advice} advice`;
}

function print(text: string): void {
  if (text !== '') console.log(text);
}
