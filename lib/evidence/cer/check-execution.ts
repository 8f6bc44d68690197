import { isJsonObject } from '@/lib/core/json';
import type { Check } from '@/lib/integrity/check';
import { CER_SENTENCES, type CerErrorCode } from './cer-error';
import { certificateHashOf, hashCerValue } from './cer-hash';
import type { CerExecution } from './parse-cer';

/** The lines of one execution that need nothing but itself: its input, its output, and its own hash over all of it. */
export function checkExecution(execution: CerExecution): Check[] {
  const { snapshot, certificateHash, json } = execution;
  const own = isJsonObject(json.snapshot) ? json.snapshot : {};
  const isCovered = contextOf(execution) === 'covered';
  return [
    {
      id: 'cer.form',
      title: 'Form',
      verdict: 'valid',
      compared: 'every member with the form that the format demands',
    },
    compareHash('cer.input', 'Input', 'cer_input_hash', {
      compared: 'the input, hashed here, with inputHash',
      expected: snapshot.inputHash,
      computed: hashCerValue(own.input ?? null),
    }),
    compareHash('cer.output', 'Output', 'cer_output_hash', {
      compared: 'the output, hashed here, with outputHash',
      expected: snapshot.outputHash,
      computed: hashCerValue(own.output ?? null),
    }),
    compareHash('cer.certificate', 'Own hash', 'cer_certificate_hash', {
      compared: `bundleType, version, createdAt and the whole snapshot${isCovered ? ' and context' : ''}, hashed here, with certificateHash`,
      expected: certificateHash,
      computed: certificateHashOf(json, isCovered ? 'context' : 'no-context'),
    }),
  ];
}

/**
 * Whether the record's hash is over its `context`: newer makers cover it, older ones did not. A record that fits neither way
 * is broken, and is shown by the rule of today.
 */
export function contextOf({ json, certificateHash }: CerExecution): 'absent' | 'covered' | 'not-covered' {
  if (json.context === undefined) return 'absent';
  return certificateHash === certificateHashOf(json, 'no-context') ? 'not-covered' : 'covered';
}

/** VALID when both are the same, INVALID with the code and both otherwise. */
export function compareHash(
  id: string,
  title: string,
  code: CerErrorCode,
  held: { compared: string; expected: string; computed: string },
): Check {
  const { compared, expected, computed } = held;
  const base = { id, title, compared };
  return expected === computed
    ? { ...base, verdict: 'valid' }
    : { ...base, verdict: 'invalid', code, expected, computed };
}

/** The line of what could not be read at all. */
export function refuseForm(code: CerErrorCode, detail: string | undefined): Check {
  return {
    id: 'cer.form',
    title: 'Form',
    verdict: 'invalid',
    code,
    compared: CER_SENTENCES[code],
    ...(detail ? { computed: detail } : {}),
  };
}
