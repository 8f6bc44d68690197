import { isJsonObject } from '@/lib/core/json';
import { type Check, overallVerdict } from '@/lib/integrity/check';
import { projectHashOf } from './cer-hash';
import { checkExecution, compareHash, refuseForm } from './check-execution';
import { attestationOf, checkReceipt } from './check-receipt';
import type { CerNode } from './node-signature';
import { type CerExecution, type CerProject, type CerStep, readExecution } from './parse-cer';
import type { CerReport } from './verify-cer';

interface ReadStep {
  readonly step: CerStep;
  readonly execution: CerExecution | null;
  readonly checks: Check[];
}

/** A project's own hash and count, and each step's record with what the registry says and the steps before it. */
export async function checkProject(
  project: CerProject,
  nodes: readonly CerNode[],
): Promise<Pick<CerReport, 'checks' | 'steps'>> {
  const read: ReadStep[] = [];
  for (const step of project.steps) read.push(await readStep(step, nodes));
  for (const [at, { checks }] of read.entries()) {
    const order = checkOrder(read, at);
    if (order) checks.push(order);
  }
  return {
    checks: [
      {
        id: 'cer.form',
        title: 'Form',
        verdict: 'valid',
        compared: 'every member with the form that the format demands',
      },
      compareHash('cer.project', 'Hash of the project', 'cer_project_hash', {
        compared: 'title, times, goal, summary and the list of steps, hashed here, with projectHash',
        expected: project.projectHash,
        computed: projectHashOf(project.json),
      }),
      checkCount(project),
      ...checkUnlisted(project),
    ],
    steps: read.map(({ step, checks }) => ({
      id: step.stepId,
      title: titleOf(step),
      checks,
      verdict: overallVerdict(checks),
    })),
  };
}

function titleOf({ json, sequence }: CerStep): string {
  const label = typeof json.stepLabel === 'string' ? json.stepLabel.slice(0, 200) : 'no name';
  return `Step ${sequence}: ${label}`;
}

async function readStep(step: CerStep, nodes: readonly CerNode[]): Promise<ReadStep> {
  if (step.embedded === undefined) {
    const check: Check = {
      id: 'cer.step',
      title: 'Record of the step',
      verdict: 'not-checked',
      compared: 'the record with what the project lists',
      reason: 'the project lists the hash of its record and does not hold it: ask for the record itself',
    };
    return { step, execution: null, checks: [check] };
  }
  const read = readExecution(step.embedded);
  if (!read.ok) return { step, execution: null, checks: [refuseForm(read.code, read.detail)] };
  const execution = read.value;
  const checks = [...checkExecution(execution), checkListed(step, execution)];
  const attestation = attestationOf(execution.json);
  if (attestation) checks.push(...(await checkReceipt(attestation, execution.certificateHash, nodes)));
  return { step, execution, checks };
}

/** That the record under a step's id is the one that the registry lists: by hash, execution and model. */
function checkListed(step: CerStep, { certificateHash, snapshot }: CerExecution): Check {
  const model = isJsonObject(step.json.modelIdentity) ? step.json.modelIdentity : {};
  const pairs = [
    [step.certificateHash, certificateHash],
    [step.executionId, snapshot.executionId],
    [model.provider ?? snapshot.provider, snapshot.provider],
    [model.model ?? snapshot.model, snapshot.model],
  ] as const;
  const [expected, computed] = pairs.find(([listed, own]) => listed !== own) ?? pairs[0];
  return compareHash('cer.step', 'Listed in the project', 'cer_step_other', {
    compared: 'hash, execution and model of the record with what the project lists for this step',
    expected: String(expected),
    computed,
  });
}

/**
 * That each record names the one before it. NexArt's own verifier does not look at this; without it, steps can be swapped
 * and the list sealed again.
 */
function checkOrder(read: readonly ReadStep[], at: number): Check | null {
  const { execution, step } = read[at] as ReadStep;
  if (!execution) return null;
  const base = {
    id: 'cer.order',
    title: 'Place among the steps',
    compared: 'prevStepHash and stepIndex of the record with the step before it',
  };
  const { prevStepHash, stepIndex } = execution.snapshot;
  const first = read[0]?.step.sequence ?? 0;
  const before = read[at - 1]?.step.certificateHash ?? null;
  const named = prevStepHash ?? null;
  if (typeof stepIndex === 'number' && stepIndex !== step.sequence - first)
    return {
      ...base,
      verdict: 'invalid',
      code: 'cer_step_order',
      expected: String(step.sequence - first),
      computed: String(stepIndex),
    };
  if (named === before) return { ...base, verdict: 'valid' };
  const isSilent = read.every(({ execution: own }) => (own?.snapshot.prevStepHash ?? null) === null);
  if (isSilent)
    return { ...base, verdict: 'not-checked', reason: 'no record of the project names the one before it' };
  const words = (value: unknown): string => (typeof value === 'string' ? value.slice(0, 200) : 'none');
  return {
    ...base,
    verdict: 'invalid',
    code: 'cer_step_order',
    expected: words(before),
    computed: words(named),
  };
}

function checkCount({ steps, totalSteps }: CerProject): Check {
  const first = steps[0]?.sequence ?? 0;
  const isCounted =
    (first === 0 || first === 1) && steps.every(({ sequence }, at) => sequence === first + at);
  const base = {
    id: 'cer.steps',
    title: 'Steps',
    compared: 'how many steps are listed, and their numbers, with totalSteps',
  };
  if (steps.length === totalSteps && isCounted) return { ...base, verdict: 'valid' };
  return {
    ...base,
    verdict: 'invalid',
    code: 'cer_steps_counted',
    expected: `${totalSteps} steps`,
    computed: `${steps.length} steps, ${isCounted ? 'numbered without a gap' : 'not numbered without a gap'}`,
  };
}

function checkUnlisted({ unlisted }: CerProject): Check[] {
  if (unlisted.length === 0) return [];
  return [
    {
      id: 'cer.unlisted',
      title: 'Records beside the list',
      verdict: 'invalid',
      code: 'cer_step_unlisted',
      compared: 'the records in the project with its list of steps',
      computed: `${unlisted.length} that it does not list`,
    },
  ];
}
