import { withProgress } from '../../progress';
import { readTrust } from '../../verify/read-trust';
import { CER_USAGE, parseCerSettings } from './cer-settings';
import { readCerFiles } from './read-cer-files';
import { readSigningKey } from './read-signing-key';
import { type CerRefusal, selectExecutions } from './select-executions';
import { type ImportedExecution, sendExecutions } from './send-executions';

const USAGE_EXIT_CODE = 64;

/**
 * `countersign import cer`: records Certified Execution Records as decisions of a registered producer, over the console's own
 * HTTP API, with the files as they arrived for payloads.
 * @returns 0 when every record was imported, 1 when one was refused, 64 for wrong arguments
 */
export async function importCer(args: string[]): Promise<number> {
  const settings = parseCerSettings(args);
  if (!settings) {
    console.error(CER_USAGE);
    return USAGE_EXIT_CODE;
  }
  const { paths, console: origin, producer, keyPath, trust, json } = settings;
  const seed = await readSigningKey(keyPath);
  const roots = (await Promise.all(trust.map((path) => readTrust({ path, hints: {} })))).flat();
  const read = await readCerFiles(paths);
  const { chosen, refused } = await selectExecutions(read.files, roots, Date.now());
  const send = (say?: (detail: string) => void) => sendExecutions({ origin, producer, seed }, chosen, say);
  // Standard output belongs to whoever reads the JSON.
  const sent = json ? await send() : await withProgress(`Importing ${chosen.length} executions`, send);
  const all = [...read.refused, ...refused, ...sent.refused];
  if (json)
    console.log(
      JSON.stringify({ format: 'countersign/cer-import/v1', imported: sent.imported, refused: all }),
    );
  else console.log(formatCerReport(sent.imported, all));
  return all.length === 0 ? 0 : 1;
}

/** What a person reads: each decision, each refusal with its sentence, and the sum. */
export function formatCerReport(
  imported: readonly ImportedExecution[],
  refused: readonly CerRefusal[],
): string {
  const again = imported.filter(({ status }) => status === 'duplicate').length;
  const open = imported.filter(({ isChecked }) => !isChecked).length;
  return [
    ...imported.map(
      ({ file, decision, position, status }) =>
        `${decision}  record ${position}${status === 'duplicate' ? ', recorded before' : ''}  ${file}`,
    ),
    ...refused.map(({ file, reason }) => `refused  ${file}\n         ${reason}`),
    `${imported.length} imported${again > 0 ? ` (${again} of them recorded before)` : ''}, ${refused.length} refused`,
    ...(open > 0
      ? [`Of ${open}, not everything could be checked: pin the node that attested it with --trust.`]
      : []),
  ].join('\n');
}
