import { verifyCer } from '../cer/verify-cer';
import type { ArtefactRun } from './artefact-report';

/** A Certified Execution Record, alone, in a package or as a project: each step of a project has lines of its own. */
export async function verifyCerFile(run: ArtefactRun, bytes: Uint8Array): Promise<void> {
  const report = await verifyCer(bytes, run.context.roots);
  for (const check of report.checks) run.tell(check);
  for (const step of report.steps) run.section(step);
  for (const { label, text, form } of report.summary) run.say(label, text, form);
  for (const note of report.notes) run.note(note);
}
