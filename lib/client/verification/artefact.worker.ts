import './strict-worker';
import type { ArtefactFile } from '@/lib/evidence/artefact/artefact-file';
import type { ArtefactReport } from '@/lib/evidence/artefact/artefact-report';
import { readKind } from '@/lib/evidence/artefact/identify-artefact';
import { verifyArtefacts } from '@/lib/evidence/artefact/verify-artefacts';
import type { ArtefactEvent, ArtefactMessage, ArtefactRequest } from './artefact-protocol';
import { readMemory, rememberCheckpoint } from './memory';
import { sealNetwork } from './sealed-network';

sealNetwork();

/** The library for pages has no worker scope; this is the part of it that is used. */
const scope = globalThis as unknown as {
  postMessage(message: ArtefactMessage): void;
  onmessage: ((message: MessageEvent<ArtefactRequest>) => void) | null;
};

/** How often the page is told; what it cannot draw in between it need not know. */
const TELL_EVERY_MS = 60;

class Teller {
  private events: ArtefactEvent[] = [];
  private toldMs = 0;

  tell(event: ArtefactEvent): void {
    this.events.push(event);
    if (performance.now() - this.toldMs >= TELL_EVERY_MS) this.flush();
  }

  flush(): void {
    if (this.events.length > 0) scope.postMessage({ type: 'events', events: this.events });
    this.events = [];
    this.toldMs = performance.now();
  }
}

scope.onmessage = ({ data }) => {
  const teller = new Teller();
  run(data, teller).then(
    () => {
      teller.flush();
      scope.postMessage({ type: 'done' });
    },
    (error: unknown) => {
      teller.flush();
      scope.postMessage({ type: 'failed', message: error instanceof Error ? error.message : 'unknown' });
    },
  );
};

async function run({ files, roots, kinds }: ArtefactRequest, teller: Teller): Promise<void> {
  const opened = files.map(toArtefactFile);
  const names = await Promise.all(opened.map(async (file) => readKind(file).catch(() => 'unknown' as const)));
  await verifyArtefacts(
    opened,
    {
      roots,
      nowMs: Date.now(),
      clock: () => performance.now(),
      remembered: async (origin) => (await readMemory(origin, [])).checkpoint,
      hints: ({ name }) => (kinds[name] === undefined ? {} : { as: kinds[name] }),
    },
    {
      started: (index, { name, size }) => {
        teller.tell({ type: 'file', index, name, size, kind: names[index] ?? 'unknown' });
        teller.flush();
      },
      done: (index, report) => {
        // Sections were told one by one; telling them again would copy a large package twice.
        teller.tell({ type: 'report', index, report: { ...report, sections: [] } });
        void remember(report);
      },
      context: (index) => ({
        check: (check) => teller.tell({ type: 'check', index, check }),
        section: (section) => teller.tell({ type: 'section', index, section }),
        progress: (progress) => teller.tell({ type: 'progress', index, progress }),
      }),
    },
  );
}

async function remember({ remember: kept }: ArtefactReport): Promise<void> {
  if (kept) await rememberCheckpoint(kept.origin, kept.checkpoint);
}

function toArtefactFile(file: File): ArtefactFile {
  return {
    name: file.name,
    size: file.size,
    read: async (from, to) => new Uint8Array(await file.slice(from, to).arrayBuffer()),
  };
}
