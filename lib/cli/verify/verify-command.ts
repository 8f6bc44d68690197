import { verifyArtefacts } from '@/lib/evidence/artefact/verify-artefacts';
import { type CheckVerdict, overallVerdict } from '@/lib/integrity/check';
import { parseNoteKey } from '@/lib/integrity/note-key';
import { Refusal } from '../refusal';
import { fetchLogFile } from './fetch-log-file';
import { formatCheck, formatReport, VERDICT_WORDS } from './format-reports';
import { openFile } from './open-file';
import { readTrust } from './read-trust';
import { parseVerifySettings, type TrustArgument, VERIFY_USAGE } from './verify-settings';
import { walkLog } from './walk-log';

const EXIT_CODES: Readonly<Record<CheckVerdict, number>> = { valid: 0, invalid: 1, 'not-checked': 2 };
const USAGE_EXIT_CODE = 64;

/**
 * `countersign verify`: files, or another console's log by plain GETs, under pinned keys. Needs no database and no console
 * of its own; with files it opens no connection.
 * @returns 0 all VALID, 1 something INVALID, 2 something NOT CHECKED, 64 wrong arguments
 */
export async function verifyCommand(args: string[]): Promise<number> {
  const settings = parseVerifySettings(args);
  if (!settings) {
    console.error(VERIFY_USAGE);
    return USAGE_EXIT_CODE;
  }
  try {
    return settings.mode === 'log'
      ? await verifyLog(settings)
      : await verifyFiles(settings.files, settings.trust, settings.json);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    console.error(error.message);
    return USAGE_EXIT_CODE;
  }
}

async function verifyFiles(
  paths: readonly string[],
  trust: readonly TrustArgument[],
  json: boolean,
): Promise<number> {
  const roots = (await Promise.all(trust.map(readTrust))).flat();
  const files = await Promise.all(paths.map(openFile));
  const reports = await verifyArtefacts(files, {
    roots,
    nowMs: Date.now(),
    clock: () => performance.now(),
    // A command has no memory: what it saw last time is for whoever runs it to keep.
    remembered: async () => null,
  });
  const verdict = overallVerdict(reports);
  if (json) {
    console.log(
      JSON.stringify({
        format: 'countersign/verification/v1',
        verdict: VERDICT_WORDS[verdict],
        files: reports,
      }),
    );
  } else {
    console.log(reports.map(formatReport).join('\n\n'));
    console.log(`\n${VERDICT_WORDS[verdict]}`);
  }
  return EXIT_CODES[verdict];
}

async function verifyLog({ url, vkey, json }: { url: string; vkey: string; json: boolean }): Promise<number> {
  const key = parseNoteKey(vkey);
  if (!key.ok)
    throw new Refusal(
      `--vkey is not a verifier key (${key.code}). A console shows its own at /api/v1/proof, as log.vkey.`,
    );
  const walk = await walkLog((path) => fetchLogFile(url, path), { origin: key.value.name, vkey }).catch(
    (error: unknown) => {
      if (error instanceof Refusal) return error.message;
      throw error;
    },
  );
  // A log that does not answer has been shown neither whole nor broken.
  if (typeof walk === 'string') {
    console.error(`NOT CHECKED: ${walk}`);
    return EXIT_CODES['not-checked'];
  }
  const verdict = overallVerdict(walk.checks);
  const { checks, size, bytes } = walk;
  if (json) {
    console.log(
      JSON.stringify({
        format: 'countersign/verification/v1',
        verdict: VERDICT_WORDS[verdict],
        log: key.value.name,
        size,
        bytes,
        checks,
      }),
    );
  } else {
    console.log(checks.flatMap((check) => formatCheck(check)).join('\n'));
    console.log(
      `\n${VERDICT_WORDS[verdict]}: ${size.toLocaleString('en')} entries, ${bytes.toLocaleString('en')} bytes read`,
    );
  }
  return EXIT_CODES[verdict];
}
