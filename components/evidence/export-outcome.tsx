import { Button } from '@/components/ui/button';
import { Id } from '@/components/ui/id';
import { LiveRegion } from '@/components/ui/live-region';
import { ProgressBar } from '@/components/ui/progress-bar';
import { StateBox } from '@/components/ui/state-box';
import type { ExportState, SavedPackage } from '@/lib/client/evidence/use-evidence-export';
import { formatBytes } from './export-words';

/** How far an export is, and what came of it. */
export function ExportOutcome({ state, onCancel }: { state: ExportState; onCancel: () => void }) {
  const { phase, bytes, saved, message } = state;
  if (phase === 'idle') return null;
  const several = saved.length > 1;
  return (
    <div className="ex-out">
      <LiveRegion>
        {phase === 'done' ? `${saved.length} ${several ? 'packages were' : 'package was'} saved` : ''}
      </LiveRegion>
      {phase === 'running' && (
        <div className="ex-run">
          <ProgressBar label="Package" value={undefined} />
          <span className="t2 num">
            {saved.length > 0 ? `package ${saved.length + 1}, ` : ''}
            {bytes === 0 ? 'recording the export and gathering proofs' : `${formatBytes(bytes)} so far`}
          </span>
          <Button small onClick={onCancel}>
            Cancel
          </Button>
        </div>
      )}
      {phase === 'failed' && (
        <StateBox kind="failing" title="The package was not saved">
          {message} That it was asked for is a record, and stays one.
        </StateBox>
      )}
      {phase === 'cancelled' && (
        <StateBox kind="empty" title="You stopped the export">
          Nothing of the package that was arriving was saved. That it was asked for is a record, and stays
          one.
        </StateBox>
      )}
      {saved.map((one) => (
        <Saved key={one.id} saved={one} />
      ))}
    </div>
  );
}

function Saved({ saved }: { saved: SavedPackage }) {
  return (
    <dl className="ex-saved">
      <div>
        <dt>Saved</dt>
        <dd className="med">{saved.name}</dd>
      </div>
      <div>
        <dt>Holds</dt>
        <dd className="num">
          {saved.decisions.toLocaleString('en')} {saved.decisions === 1 ? 'decision' : 'decisions'},{' '}
          {formatBytes(saved.size)}
        </dd>
      </div>
      <div>
        <dt>SHA-256 of the file</dt>
        <dd>
          <Id value={saved.digest.slice('sha-256:'.length)} whole copy label="SHA-256 of the file" />
        </dd>
      </div>
      <div>
        <dt>Record of the export</dt>
        <dd>
          <Id value={saved.id} copy />
        </dd>
      </div>
    </dl>
  );
}
