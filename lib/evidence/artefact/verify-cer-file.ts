import type { ArtefactRun } from './artefact-report';

/** The one place at which Certified Execution Records (`cer.ai.execution.v1` and its bundles) are dispatched. */
export async function verifyCerFile(run: ArtefactRun, _bytes: Uint8Array): Promise<void> {
  run.tell({
    id: 'cer.form',
    title: 'Record',
    verdict: 'not-checked',
    compared: 'the record with its own hash and attestation',
    reason: 'Certified Execution Records cannot be checked here yet',
  });
}
