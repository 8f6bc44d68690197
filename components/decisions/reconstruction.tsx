'use client';

import { useState } from 'react';
import { Button } from '@/components/ui/button';
import { EvidenceMark } from '@/components/ui/evidence-mark';
import { Fingerprint } from '@/components/ui/fingerprint';
import { Id } from '@/components/ui/id';
import { MarkedText } from '@/components/ui/marked-text';
import {
  countMarks,
  type EvidenceGroup,
  type EvidenceValue,
  type VersionRef,
} from '@/lib/evidence/evidence-value';
import { ValueParts } from './value-parts';
import { VersionDialog } from './version-dialog';

const ROW_CLASS = { attested: 'attested', rehashed: 're', inferred: 'inferred', missing: 'missing' } as const;

/** The groups with who vouches for each value and why, the count of each mark above them, and the texts as of then. */
export function Reconstruction({ groups }: { groups: readonly EvidenceGroup[] }) {
  const [explained, setExplained] = useState(false);
  const [opened, setOpened] = useState<VersionRef | null>(null);
  const counts = countMarks(groups);
  const total = counts.attested + counts.rehashed + counts.inferred + counts.missing;
  const columns = [groups.slice(0, 4), groups.slice(4)];
  return (
    <div className={explained ? 'rec explained' : 'rec'}>
      <div className="evsum">
        <span>
          <b className="num">{total}</b> values
        </span>
        <div className="evbar" aria-hidden="true">
          {(['attested', 'rehashed', 'inferred', 'missing'] as const).map(
            (mark) =>
              counts[mark] > 0 && (
                <span key={mark} className={ROW_CLASS[mark]} style={{ flex: counts[mark] }} />
              ),
          )}
        </div>
        <div className="evkey">
          {(['attested', 'rehashed', 'inferred', 'missing'] as const).map((mark) => (
            <EvidenceMark key={mark} evidence={mark} count={counts[mark]} />
          ))}
        </div>
      </div>
      <div className="recdo">
        <Button small aria-pressed={explained} onClick={() => setExplained(!explained)}>
          {explained ? 'Hide why and whence' : 'Show why and whence'}
        </Button>
        <Button small icon="download" onClick={() => globalThis.print()}>
          Print or save as PDF
        </Button>
      </div>
      <div className="groups">
        {columns.map((column) => (
          <div key={column[0]?.key}>
            {column.map((group) => (
              <section className="grp" key={group.key} aria-labelledby={`grp-${group.key}`}>
                <header>
                  <span className="k">{groups.indexOf(group) + 1}</span>
                  <h2 id={`grp-${group.key}`}>{group.title}</h2>
                </header>
                <dl>
                  {group.values.map((value, at) => (
                    // biome-ignore lint/suspicious/noArrayIndexKey: a label may stand twice in a group
                    <Value key={at} value={value} onOpen={setOpened} />
                  ))}
                </dl>
              </section>
            ))}
          </div>
        ))}
      </div>
      {opened !== null && <VersionDialog version={opened} onClose={() => setOpened(null)} />}
    </div>
  );
}

function Value({ value, onOpen }: { value: EvidenceValue; onOpen: (version: VersionRef) => void }) {
  const { version, source } = value;
  return (
    <div className={`fr ${ROW_CLASS[value.evidence]}`}>
      <dt title={value.label}>
        <MarkedText text={value.label} />
      </dt>
      <dd>
        <ValueParts parts={value.parts} />
        {version && (
          <>
            {' '}
            <button
              type="button"
              className="link asof-open"
              aria-label={`${version.name} ${version.version} as of then`}
              onClick={() => onOpen(version)}
            >
              as of then
            </button>
          </>
        )}
        {value.mismatch && (
          <span className="fr-bad">
            <b>INVALID</b>: the record names <Fingerprint digest={value.mismatch.expected} />{' '}
            <Id value={value.mismatch.expected} />, what is held here digests to{' '}
            <Fingerprint digest={value.mismatch.computed} /> <Id value={value.mismatch.computed} />
          </span>
        )}
        <small className="fr-why">
          {value.why}
          {source && (
            <>
              {' '}
              {source.kind} record {source.position.toLocaleString('en')} of{' '}
              <Id value={source.stream} whole />, {source.field}.
            </>
          )}
        </small>
      </dd>
      <dd className="fr-ev" title={value.why}>
        <EvidenceMark evidence={value.evidence} />
      </dd>
    </div>
  );
}
