'use client';

import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { Button } from '@/components/ui/button';
import { LiveRegion } from '@/components/ui/live-region';
import { StateBox } from '@/components/ui/state-box';
import { listPinnedRoots, pinRoots, unpinRoot } from '@/lib/client/verification/pinned-roots';
import {
  forgetRememberedLog,
  listRememberedLogs,
  type RememberedLog,
} from '@/lib/client/verification/remembered-logs';
import { useArtefactVerification } from '@/lib/client/verification/use-artefact-verification';
import { MAX_FILES } from '@/lib/evidence/artefact/max-files';
import type { TrustRoot, TrustRootKind } from '@/lib/evidence/trust/trust-root';
import { ArtefactPanel } from './artefact-panel';
import { DropZone } from './drop-zone';
import { rootKey } from './offered-roots';
import { PinnedPanel } from './pinned-panel';
import { RememberedPanel } from './remembered-panel';
import { VerdictCounts } from './verdict-counts';
import './verification.css';
import './verify-desk.css';

const PLAIN = { valid: 'VALID', invalid: 'INVALID', 'not-checked': 'NOT CHECKED' } as const;

/**
 * Everything that a stranger needs to check evidence: files in, lines out, under keys that they pin themselves. Nothing is
 * sent and nothing is fetched; `createWorker` is where the two homes of this desk differ.
 */
export function VerifyDesk({ createWorker }: { createWorker: () => Worker }) {
  const [roots, setRoots] = useState<readonly TrustRoot[]>([]);
  const [logs, setLogs] = useState<readonly RememberedLog[]>([]);
  const [session, setSession] = useState<readonly TrustRoot[]>([]);
  const files = useRef<readonly File[]>([]);
  const kinds = useRef<Record<string, TrustRootKind>>({});
  const reports = useRef<HTMLElement>(null);
  const [problem, setProblem] = useState<string | null>(null);

  const refreshLogs = useCallback(() => void listRememberedLogs().then(setLogs), []);
  const run = useArtefactVerification(createWorker, refreshLogs);
  const { state, start, cancel } = run;

  useEffect(() => {
    void listPinnedRoots().then(setRoots);
    refreshLogs();
  }, [refreshLogs]);

  const all = useMemo(() => [...roots, ...session], [roots, session]);
  const pinned = useMemo(() => new Set(all.map(rootKey)), [all]);

  /** Pins first, so that a check never runs under roots that the panel does not show. */
  async function changeRoots(
    change: () => Promise<boolean>,
    inMemory: (roots: readonly TrustRoot[]) => readonly TrustRoot[],
  ) {
    const kept = await change();
    const stored = await listPinnedRoots();
    const held = kept ? session : inMemory(session);
    setProblem(
      kept ? null : 'This browser keeps nothing for this page: what you pin lasts until you close it.',
    );
    setRoots(stored);
    setSession(held);
    // The button that was pressed goes away: whoever uses the keyboard goes on at the reports, not at the page's end.
    reports.current?.focus();
    if (files.current.length > 0) start(files.current, [...stored, ...held], kinds.current);
  }

  function onFiles(chosen: readonly File[]) {
    if (chosen.length > MAX_FILES) {
      setProblem(`More than ${MAX_FILES} files at once would be an accident: choose fewer.`);
      return;
    }
    setProblem(null);
    files.current = chosen;
    kinds.current = {};
    start(chosen, all, kinds.current);
  }

  const isRunning = state.phase === 'running';
  // Receipts are checked first; people look for files in the order in which they chose them.
  const shown = [...state.files].sort((a, b) => a.index - b.index);
  const done = shown.filter(({ report }) => report !== null);
  return (
    <div className="vdesk">
      <DropZone onFiles={onFiles} />
      <div className="vgrid">
        <section className="vreports" aria-label="Reports" ref={reports} tabIndex={-1}>
          <LiveRegion>
            {state.phase === 'done' &&
              done.map(({ name, report }) => `${name}: ${report ? PLAIN[report.verdict] : ''}`).join('. ')}
          </LiveRegion>
          {problem !== null && (
            <p className="vproblem" role="alert">
              {problem}
            </p>
          )}
          {state.phase !== 'idle' && (
            <div className="vtools">
              <VerdictCounts
                checks={done.map(({ report }) => ({ verdict: report?.verdict ?? 'not-checked' }))}
                complete={state.phase === 'done'}
              />
              <span className="t2">
                {done.length} of {files.current.length} {files.current.length === 1 ? 'file' : 'files'}{' '}
                checked
              </span>
              {isRunning && (
                <span className="end vbuttons">
                  <Button small onClick={cancel}>
                    Cancel
                  </Button>
                </span>
              )}
            </div>
          )}
          {state.phase === 'failed' && (
            <StateBox kind="failing" title="The checks stopped">
              {state.message} What was not reached is not checked, and not passed.
            </StateBox>
          )}
          {state.phase === 'cancelled' && (
            <StateBox kind="empty" title="You stopped the checks">
              Lines that are not here were not checked.
            </StateBox>
          )}
          {shown.map((file) => (
            <ArtefactPanel
              key={file.index}
              file={file}
              running={isRunning}
              pinned={pinned}
              onPin={(offered) => {
                const at = new Date().toISOString();
                void changeRoots(
                  () => pinRoots(offered, at),
                  (held) => [
                    ...held,
                    ...offered.map((root) => ({
                      ...root,
                      pinned: { by: 'you, until this page is closed', at },
                    })),
                  ],
                );
              }}
              onKind={(name, kind) => {
                kinds.current = { ...kinds.current, [name]: kind };
                start(files.current, all, kinds.current);
              }}
            />
          ))}
          {state.phase === 'idle' && (
            <StateBox kind="empty" title="Nothing dropped yet">
              Each line will say what was compared, with which key, and where. What cannot be checked says
              why, and never counts as passed.
            </StateBox>
          )}
        </section>
        <aside className="vtrust" aria-label="What is believed">
          <PinnedPanel
            roots={all}
            onUnpin={(root) =>
              void changeRoots(
                () => unpinRoot(root),
                (held) => held.filter((one) => rootKey(one) !== rootKey(root)),
              )
            }
          />
          <RememberedPanel
            logs={logs}
            onForget={(origin) => void forgetRememberedLog(origin).then(refreshLogs)}
          />
        </aside>
      </div>
    </div>
  );
}
