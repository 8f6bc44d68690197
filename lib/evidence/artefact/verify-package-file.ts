import { verifyCheckpoint } from '@/lib/integrity/checkpoint';
import { parseNoteKey } from '@/lib/integrity/note-key';
import type { RememberedCheckpoint } from '../evidence-source';
import { type EvidencePackage, openEvidencePackage } from '../package/open-package';
import { PACKAGE_SENTENCES } from '../package/package-error';
import { checkpointPath } from '../package/package-places';
import { verifyEvidencePackage } from '../package/verify-package';
import type { ArtefactRun } from './artefact-report';

const figure = (n: number) => n.toLocaleString('en');

/** An evidence package: its files, its keys against the pinned ones, and every decision in it. Read piece by piece. */
export async function verifyPackageFile(run: ArtefactRun): Promise<void> {
  const opened = await openEvidencePackage(run.file);
  const base = { id: 'package.form', title: 'Package' };
  if (!opened.ok) {
    const detail = opened.detail === undefined ? '' : ` (${opened.detail})`;
    run.tell({
      ...base,
      verdict: 'invalid',
      code: opened.code,
      compared: `${PACKAGE_SENTENCES[opened.code]}${detail}`,
    });
    return;
  }
  const pkg = opened.value;
  run.tell({
    ...base,
    verdict: 'valid',
    compared: 'the archive, its manifest and its parts with their form',
  });
  sayPackage(run, pkg);
  run.offer(pkg.offered.roots);
  const { roots, nowMs, clock, signal, remembered, progress } = run.context;
  const origin = pkg.manifest.console.log;
  const memory = origin === null ? null : await remembered(origin);
  await verifyEvidencePackage(pkg, roots, {
    clock,
    nowMs,
    memory: { points: new Map(), checkpoint: memory },
    check: (check) => run.tell(check),
    decision: ({ id, checks, verdict }) => run.section({ id, title: `Decision ${id}`, checks, verdict }),
    progress: ({ phase, done, total }) => progress?.({ words: phase, done, total }),
    ...(signal ? { signal } : {}),
  });
  await rememberHead(run, pkg, memory);
  run.note(
    'A package shows what is in it. That nothing was left out of it, and what happened since, only the console’s log can show.',
  );
}

function sayPackage(run: ArtefactRun, pkg: EvidencePackage): void {
  const { manifest } = pkg;
  const { by, purpose, caseReference, recipient, scope, organisation } = manifest.export;
  run.say('From', manifest.console.origin, 'id');
  run.say('Organisation', organisation);
  run.say('Made', manifest.createdAt, 'instant');
  run.say('Taken out by', `${by.name} (${by.roles.join(', ')})`);
  run.say('Purpose', purpose.replaceAll('-', ' '));
  run.say('Case', caseReference);
  run.say('For', recipient);
  const about = {
    decision: 'one decision',
    search: `a search: ${scope.kind === 'search' ? scope.query : ''}`,
    case: 'a case',
  } as const;
  run.say('About', about[scope.kind]);
  run.say('Decisions', figure(manifest.decisions.length));
  run.say('Files', figure(pkg.files.size));
  run.say('Log', manifest.console.log, 'id');
  if (manifest.more !== null)
    run.note('The search went on in another package: this one does not hold all of it.');
}

/** The package's own checkpoint is remembered only when a key that the person pinned signed it. */
async function rememberHead(
  run: ArtefactRun,
  pkg: EvidencePackage,
  memory: RememberedCheckpoint | null,
): Promise<void> {
  const { checkpoint, console: from } = pkg.manifest;
  if (checkpoint === null || from.log === null || !pkg.files.has(checkpointPath(checkpoint))) return;
  const bytes = await pkg.read(checkpointPath(checkpoint));
  for (const root of run.context.roots) {
    const key = root.kind === 'log' ? parseNoteKey(root.vkey) : null;
    if (root.kind !== 'log' || !bytes.ok || !key?.ok) continue;
    const verified = verifyCheckpoint(bytes.value, { origin: from.log, logKey: key.value });
    if (!verified.ok || (memory !== null && memory.size > verified.value.size)) continue;
    const { size, root: hash } = verified.value;
    run.remember(from.log, { size, root: hash, vkey: root.vkey, atMs: run.context.nowMs });
    return;
  }
}
