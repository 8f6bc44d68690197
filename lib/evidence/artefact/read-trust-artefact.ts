import { parseTrustFile } from '../trust/parse-trust-file';
import { ROOT_WORDS } from '../trust/root-words';
import { TRUST_SENTENCES } from '../trust/trust-error';
import type { ArtefactRun } from './artefact-report';

/** Keys that the file offers. Reading them makes nobody believe them: a person pins. */
export function readTrustArtefact(run: ArtefactRun, bytes: Uint8Array): void {
  const parsed = parseTrustFile(run.file.name, bytes, run.context.hints?.(run.file));
  const base = { id: 'trust.form', title: 'Keys' };
  if (!parsed.ok) {
    const detail = parsed.detail === undefined ? '' : ` (${parsed.detail})`;
    const sentence = `${TRUST_SENTENCES[parsed.code]}${detail}`;
    run.tell(
      parsed.code === 'trust_kind_needed'
        ? { ...base, verdict: 'not-checked', code: parsed.code, compared: 'a bare key', reason: sentence }
        : { ...base, verdict: 'invalid', code: parsed.code, compared: sentence },
    );
    return;
  }
  const kinds = new Map<string, number>();
  for (const { kind } of parsed.value) kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
  run.tell({
    ...base,
    verdict: 'not-checked',
    compared: `${parsed.value.length} fingerprints, computed here`,
    reason:
      'whose keys these are is for you to know: compare the fingerprints with their owner before you pin them',
  });
  for (const [kind, n] of kinds)
    run.say(ROOT_WORDS[kind as keyof typeof ROOT_WORDS].name, n.toLocaleString('en'));
  run.offer(parsed.value);
}
