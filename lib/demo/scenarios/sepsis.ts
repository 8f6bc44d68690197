import { documentDigest } from '../content-digest';
import { DAY_MS } from '../day-ms';
import { payloadEvidence } from '../payload-evidence';
import { clinicalOrders } from '../policies/clinical-orders';
import { promptOf } from '../prompts';
import type { HumanPlan, Proposal, Scenario } from '../proposal';
import { createSeededRandom, type SeededRandom } from '../seeded-random';

const DOMAIN = 'spiffe://st-brigid.example';
const WATCH = `${DOMAIN}/agent/vitals-watch`;
const TRIAGE = `${DOMAIN}/agent/sepsis-triage`;
const PLANNER = `${DOMAIN}/agent/bed-planner`;
const GATEWAY = `${DOMAIN}/gateway/ward-1`;
const WARDS = ['2A', '3C', '4B', '5A', 'ED'] as const;

/** Patients come and go in a 400-bed house. Their tokens are the vault's, once `nameSubjects` has brought them. */
const PATIENTS = (() => {
  const random = createSeededRandom(0x5e95);
  return Array.from({ length: 160 }, () => ({ token: `tok_${random.hex(32)}`, ward: random.pick(WARDS) }));
})();
const CLINICIANS = (() => {
  const random = createSeededRandom(0xc11e);
  return Array.from({ length: 12 }, () => `tok_${random.hex(32)}`);
})();

function model(daysAgo: number) {
  return {
    provider: 'northwind',
    name: 'northwind-clinical',
    version: daysAgo > 45 ? '2026-04' : '2026-07',
    parameters: { temperature: '0', max_tokens: 1_024, seed: 7 },
  };
}

function human(random: SeededRandom, unbounded: boolean, doubtful: boolean): HumanPlan {
  const roll = random.next();
  const dwellMs = Math.round(
    Math.min(300_000, Math.max(16_000, random.logNormal(unbounded ? 105_000 : 64_000, 0.45))),
  );
  const reviewers = [
    unbounded || doubtful || random.chance(0.3) ? 'anand@demo.example' : 'lucia@demo.example',
  ];
  if (roll < 0.05) return { does: 'nothing' };
  if (doubtful ? roll < 0.5 : roll < 0.16) {
    return {
      does: 'deny',
      reviewers,
      reasonCode: 'clinically-inappropriate',
      reasonText: 'Lactate explained by exercise before the draw; observations repeated and normal.',
      dwellMs,
    };
  }
  return {
    does: 'approve',
    reviewers,
    reasonCode: 'clinical-picture-agrees',
    reasonText: 'Seen at the bedside: febrile, tachycardic, lactate rising. Bundle agreed.',
    dwellMs,
  };
}

function identity(
  random: SeededRandom,
  agent: string,
  version: string,
  patient: string,
  clinician: string,
  trace: string,
  session: string,
) {
  return {
    agent: { id: agent, name: agent, version, runtime: 'ward-gw-1' },
    principal: { type: 'clinician', token: clinician },
    session_id: session,
    run_id: `run_${random.hex(12)}`,
    trace_id: trace,
    span_id: random.hex(16),
    subjects: [{ type: 'patient', token: patient }],
  };
}

function episode(random: SeededRandom, atMs: number, daysAgo: number): Proposal[] {
  const patient = random.pick(PATIENTS);
  const clinician = random.pick(CLINICIANS);
  const trace = random.hex(32);
  const session = `stay_${patient.token.slice(4, 12)}`;
  const encounter = {
    type: 'encounter',
    id: `enc_${patient.token.slice(4, 16)}`,
    properties: { name: `ward ${patient.ward}`, ward: patient.ward },
  };
  const heartRate = random.integer(88, 134);
  const lactate = (random.integer(9, 52) / 10).toFixed(1);
  const temperature = (random.integer(370, 396) / 10).toFixed(1);
  const observation = `Ward ${patient.ward}: heart rate ${heartRate}, temperature ${temperature} °C, lactate ${lactate} mmol/L, respiratory rate ${random.integer(14, 30)}.`;
  const stale = random.chance(0.05);
  const prompt = promptOf('sepsis-screen', daysAgo > 30 ? '13' : '14');
  const chosen = model(daysAgo);
  const retrieval = {
    index: 'ward-notes',
    version: `${new Date(atMs).toISOString().slice(0, 13)}`,
    items: [
      {
        id: `note/${patient.token.slice(4, 12)}/nursing`,
        digest: documentDigest(observation),
        score: '0.93',
      },
      {
        id: 'guideline/surviving-sepsis-2026',
        digest: documentDigest('surviving sepsis guideline 2026'),
        score: '0.88',
      },
    ],
  };
  const alert: Proposal = {
    producer: WATCH,
    atMs,
    follows: [],
    action: {
      subject: { type: 'agent', id: 'vitals-watch', properties: { version: '1.9.4' } },
      action: {
        name: random.chance(0.3) ? 'observation.request' : 'alert.raise',
        properties: { heart_rate: heartRate, lactate, temperature },
      },
      resource: encounter,
      context: {
        principal: { type: 'clinician', token: clinician },
        session,
        runtime: 'ward-gw-1',
        purpose: 'early warning',
      },
    },
    body: {
      identity: identity(random, 'vitals-watch', '1.9.4', patient.token, clinician, trace, session),
      input: payloadEvidence(random, 'application/fhir+json', observation),
      model: chosen,
      context: { retrieval, routing: `ward ${patient.ward}` },
      guardrails: [{ name: 'phi-leak', version: '6', verdict: 'pass', score: '0.01', threshold: '0.50' }],
    },
    evidence: { agentSaid: observation },
    subjects: [{ type: 'patient', token: patient.token }],
    human: { does: 'nothing' },
    downstream: [{ system: 'pager', type: 'page', id: `PG-${random.integer(10_000, 99_999)}` }],
  };
  if (random.chance(0.55)) return [alert];

  const confidence = random.integer(52, 97) / 100;
  const roll = random.next();
  const tool =
    roll < 0.3
      ? 'bed.request'
      : roll < 0.5
        ? 'lab.request'
        : roll < 0.55
          ? 'medication.stop'
          : roll < 0.87
            ? 'order.bundle'
            : 'order.antibiotic';
  const doubtful = confidence < 0.7;
  const guardrails: Proposal['evidence']['guardrails'] = [
    { name: 'phi-leak', version: '6', verdict: 'pass', score: '0.01', threshold: '0.50' },
    {
      name: 'confidence',
      version: '5',
      verdict: doubtful ? 'fail' : 'pass',
      score: confidence.toFixed(2),
      threshold: '0.70',
    },
    { name: 'lactate-age', version: '2', verdict: stale ? 'error' : 'pass' },
  ];
  const triage: Proposal = {
    producer: TRIAGE,
    atMs: atMs + 19_000,
    follows: [0],
    action: {
      subject: { type: 'agent', id: 'sepsis-triage', properties: { version: '4.2.0' } },
      action: {
        name: tool,
        properties:
          tool === 'order.antibiotic'
            ? { drug: 'piperacillin-tazobactam', dose: '4.5 g', route: 'intravenous', interval: 'every 8 h' }
            : { bundle: 'sepsis-3h', steps: ['blood cultures', 'lactate repeat', 'fluids 30 mL/kg'] },
      },
      resource: encounter,
      context: {
        principal: { type: 'clinician', token: clinician },
        session,
        runtime: 'ward-gw-1',
        purpose: 'treat suspected sepsis',
        confidence: confidence.toFixed(2),
        vitals: stale ? 'stale' : 'fresh',
        allergies: random.chance(0.06) ? 'penicillin' : 'none-recorded',
      },
    },
    body: {
      identity: identity(random, 'sepsis-triage', '4.2.0', patient.token, clinician, trace, session),
      input: payloadEvidence(random, 'application/fhir+json', observation),
      model: chosen,
      context: { prompt, retrieval, routing: `night roster, ward ${patient.ward}` },
      guardrails,
    },
    evidence: {
      agentSaid: `${observation} Pattern fits sepsis with confidence ${confidence.toFixed(2)}.`,
      prompt,
      model: chosen,
      retrieved: [
        {
          id: `note/${patient.token.slice(4, 12)}/nursing`,
          title: 'Nursing note',
          score: '0.93',
          digest: documentDigest(observation),
          text: observation,
        },
        {
          id: 'guideline/surviving-sepsis-2026',
          title: 'Surviving Sepsis guideline, 2026',
          score: '0.88',
          digest: documentDigest('surviving sepsis guideline 2026'),
          text: 'Give antimicrobials within one hour where septic shock is likely; where it is only possible, assess rapidly first.',
        },
      ],
      guardrails,
    },
    subjects: [{ type: 'patient', token: patient.token }],
    human: human(random, tool === 'order.antibiotic', doubtful),
    downstream: [
      { system: 'ward-emr', type: 'order', id: `ORD-${random.integer(7_000_000, 7_999_999)}` },
      ...(random.chance(0.5)
        ? [{ system: 'pager', type: 'page', id: `PG-${random.integer(10_000, 99_999)}` }]
        : []),
    ],
  };
  return [alert, triage];
}

export const sepsis: Scenario = {
  tenant: 'st-brigid',
  gateway: GATEWAY,
  producers: [
    { id: GATEWAY, name: 'ward-gw-1', kind: 'gateway' },
    { id: WATCH, name: 'vitals-watch', kind: 'agent' },
    { id: TRIAGE, name: 'sepsis-triage', kind: 'agent' },
    { id: PLANNER, name: 'bed-planner', kind: 'agent' },
  ],
  policies: [
    { daysAgo: 91, document: clinicalOrders('0.65'), summary: 'First version of the ward perimeter.' },
    {
      daysAgo: 24,
      document: clinicalOrders('0.70'),
      summary: 'Confidence floor raised from 0.65 to 0.70 by the sepsis committee.',
    },
  ],
  prompts: [{ producer: TRIAGE, template: 'sepsis-screen' }],
  changes: [
    {
      daysAgo: 45,
      producer: TRIAGE,
      target: 'model',
      name: 'northwind-clinical',
      fromVersion: '2026-04',
      toVersion: '2026-07',
      summary: 'Vendor update of the triage model.',
    },
    {
      daysAgo: 30,
      producer: TRIAGE,
      target: 'prompt',
      name: 'sepsis-screen',
      fromVersion: '13',
      toVersion: '14',
      summary: 'Screen by observations only; age removed from the prompt.',
    },
  ],
  dailyRate: 9,
  // Before the summer that is asked about (lib/demo/admission.ts).
  since: Date.parse('2026-06-01T06:00:00.000Z'),
  identifiers: PATIENTS.map((_, at) => ({
    type: 'mrn',
    identifier: `MRN-${String(421_200 + at).padStart(8, '0')}`,
  })),
  nameSubjects: (tokens) => {
    for (const [at, token] of tokens.entries()) if (PATIENTS[at]) PATIENTS[at].token = token;
  },
  propose: (random, atMs, startMs) => episode(random, atMs, (startMs - atMs) / DAY_MS),
};
