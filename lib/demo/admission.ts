/**
 * One patient's summer at the hospital, as three producers saw it: "On the morning of the admission, what data did the AI have,
 * what did it decide, and why?" The identifier is made up; it is the one to ask the vault for.
 *
 * The morning is 14 August 2026, 06:42 in Berlin (04:42 UTC): triage holds the sepsis bundle back because the lactate it had
 * was drawn five hours before.
 */
import type { z } from 'zod';
import type { decisionBody } from '@/lib/decisions/record-payload';
import { contentDigest, documentDigest } from './content-digest';

/** Fake, and documented: what the demo's compliance officer is given by the ward. */
export const ADMISSION_MRN = 'MRN-00421187';
export const ADMISSION_CASE = 'SB-2026-118';

/** Who signs: the one that watches, the one that triages, the one that plans beds. */
export type AdmissionProducer = 'watch' | 'triage' | 'planner';

export interface AdmissionStep {
  producer: AdmissionProducer;
  atMs: number;
  /** The contents that are handed over; records hold their salted digests. */
  input: string;
  output: string | null;
  /** The body but for what names contents, the subject and parents. */
  body: (subject: string) => Omit<z.input<typeof decisionBody>, 'input'>;
  /** Indexes of earlier steps that this one follows from. */
  follows: number[];
  /** The one that is asked about. */
  asked?: true;
}

const PROMPT_13 = 'sepsis-screen 13: score by observations and age';
const model = (version: string) => ({
  provider: 'northwind',
  name: 'northwind-clinical',
  version,
  parameters: { temperature: '0', max_tokens: 1_024, seed: 7 },
});

const note = (at: string, heartRate: number, temperature: string, lactate: string, drawn: string) =>
  JSON.stringify({
    resourceType: 'Bundle',
    observed_at: at,
    heart_rate: heartRate,
    temperature_c: temperature,
    lactate_mmol_l: lactate,
    lactate_drawn_at: drawn,
    ward: '4B',
  });

interface Told {
  agent: 'vitals-watch' | 'sepsis-triage' | 'bed-planner';
  trace: string;
  action: string;
  verdict: 'allow' | 'defer';
  rule?: string;
  reason: string;
  version: string;
  input: string;
  guardrails: z.input<typeof decisionBody>['guardrails'];
  downstream?: { system: string; type: string; id: string }[];
}

function bodyOf(told: Told, subject: string): Omit<z.input<typeof decisionBody>, 'input'> {
  const index = told.agent === 'bed-planner' ? 'bed-board' : 'ward-notes';
  return {
    identity: {
      agent: { id: told.agent, name: told.agent, version: '4.1.0', runtime: 'ward-gw-1' },
      session_id: `stay_${subject.slice(4, 12)}`,
      run_id: `run_${told.trace.slice(0, 12)}`,
      trace_id: told.trace,
      subjects: [{ type: 'patient', token: subject }],
    },
    model: model(told.version),
    context: {
      prompt: {
        template: told.agent === 'sepsis-triage' ? 'sepsis-screen' : told.agent,
        version: '13',
        digest: contentDigest(told.agent === 'sepsis-triage' ? PROMPT_13 : `${told.agent} 13`),
      },
      retrieval: {
        index,
        version: '2026-08-14T04',
        items: [
          { id: `note/${subject.slice(4, 12)}/nursing`, digest: documentDigest(told.input), score: '0.93' },
          {
            id: 'guideline/surviving-sepsis-2026',
            digest: documentDigest('surviving sepsis guideline 2026'),
            score: '0.88',
          },
        ],
      },
      policy: { id: 'clinical-orders', version: '1', digest: contentDigest('clinical-orders 1') },
      routing: 'night roster, ward 4B',
    },
    guardrails: told.guardrails,
    output: {
      action: {
        name: told.action,
        resource: { type: 'encounter', id: `enc_${subject.slice(4, 16)}` },
        tier: told.action === 'order.bundle' ? 'bounded' : 'reversible',
      },
      outcome: {
        verdict: told.verdict,
        source: 'gateway',
        ...(told.rule ? { control: 'threshold' as const, rule: told.rule } : {}),
        reason_code: told.reason,
      },
    },
    downstream: told.downstream ?? [],
  };
}

const PHI = { name: 'phi-leak', version: '6', verdict: 'pass', score: '0.01', threshold: '0.50' } as const;
const at = (text: string): number => Date.parse(text);

const MORNING = '9b1f0c6e2a7d4e5f8a3b6c9d0e1f2a3b';

function step(
  producer: AdmissionProducer,
  time: string,
  told: Omit<Told, 'input' | 'agent'> & { input: string; output?: string; follows?: number[]; asked?: true },
): AdmissionStep {
  const agent = { watch: 'vitals-watch', triage: 'sepsis-triage', planner: 'bed-planner' } as const;
  return {
    producer,
    atMs: at(time),
    input: told.input,
    output: told.output ?? null,
    follows: told.follows ?? [],
    body: (subject) => bodyOf({ ...told, agent: agent[producer] }, subject),
    ...(told.asked ? { asked: true } : {}),
  };
}

/** In order of time, June to August 2026. */
export const ADMISSION: readonly AdmissionStep[] = [
  step('watch', '2026-06-11T12:05:00.000Z', {
    trace: '11aa0c6e2a7d4e5f8a3b6c9d0e1f2a3b',
    action: 'observation.request',
    verdict: 'allow',
    reason: 'within_grant',
    version: '2026-04',
    input: note('2026-06-11T12:04:00Z', 88, '37.1', '1.2', '2026-06-11T11:50:00Z'),
    guardrails: [PHI],
  }),
  step('planner', '2026-07-02T07:30:00.000Z', {
    trace: '22aa0c6e2a7d4e5f8a3b6c9d0e1f2a3b',
    action: 'bed.request',
    verdict: 'allow',
    reason: 'within_grant',
    version: '2026-04',
    input: JSON.stringify({ clinic: 'urology', day_case: true, ward: '2A' }),
    guardrails: [PHI],
    downstream: [{ system: 'bed-board', type: 'reservation', id: 'BB-20417' }],
  }),
  step('watch', '2026-08-14T04:31:00.000Z', {
    trace: MORNING,
    action: 'alert.raise',
    verdict: 'allow',
    reason: 'within_grant',
    version: '2026-07',
    input: note('2026-08-14T04:30:00Z', 118, '38.9', '2.6', '2026-08-13T23:35:00Z'),
    guardrails: [PHI],
    downstream: [{ system: 'pager', type: 'page', id: 'PG-41187' }],
  }),
  step('triage', '2026-08-14T04:42:00.000Z', {
    trace: MORNING,
    action: 'order.bundle',
    verdict: 'defer',
    rule: 'vitals-stale',
    reason: 'vitals_stale',
    version: '2026-07',
    input: note('2026-08-14T04:41:00Z', 121, '39.1', '2.6', '2026-08-13T23:35:00Z'),
    output: JSON.stringify({
      proposed: 'sepsis-3h bundle',
      confidence: '0.81',
      words: 'Pattern fits sepsis. The lactate is five hours old; a fresh one is needed before the bundle.',
    }),
    guardrails: [
      PHI,
      { name: 'confidence', version: '5', verdict: 'pass', score: '0.81', threshold: '0.70' },
      { name: 'lactate-age', version: '2', verdict: 'fail', score: '5.1', threshold: '4.0' },
    ],
    follows: [2],
    asked: true,
  }),
  step('triage', '2026-08-14T04:44:00.000Z', {
    trace: MORNING,
    action: 'lab.request',
    verdict: 'allow',
    reason: 'within_grant',
    version: '2026-07',
    input: JSON.stringify({ test: 'lactate', reason: 'stale', ward: '4B' }),
    guardrails: [PHI],
    follows: [3],
    downstream: [{ system: 'ward-emr', type: 'order', id: 'ORD-7118204' }],
  }),
  step('planner', '2026-08-14T06:10:00.000Z', {
    trace: MORNING,
    action: 'bed.request',
    verdict: 'allow',
    reason: 'within_grant',
    version: '2026-07',
    input: JSON.stringify({ unit: 'high dependency', reason: 'sepsis suspected', ward: '4B' }),
    guardrails: [PHI],
    follows: [4],
    downstream: [{ system: 'bed-board', type: 'reservation', id: 'BB-22960' }],
  }),
  step('watch', '2026-08-20T09:15:00.000Z', {
    trace: '33aa0c6e2a7d4e5f8a3b6c9d0e1f2a3b',
    action: 'observation.request',
    verdict: 'allow',
    reason: 'within_grant',
    version: '2026-07',
    input: note('2026-08-20T09:14:00Z', 79, '36.8', '1.0', '2026-08-20T08:00:00Z'),
    guardrails: [PHI],
  }),
];
