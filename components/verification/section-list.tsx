'use client';

import { useState } from 'react';
import { Button } from '@/components/ui/button';
import { Icon } from '@/components/ui/icon';
import { MarkedText } from '@/components/ui/marked-text';
import type { ReportSection } from '@/lib/evidence/artefact/artefact-report';
import { CheckRow } from './check-row';

const PAGE = 25;
const WORDS = { valid: 'VALID', invalid: 'INVALID', 'not-checked': 'NOT CHECKED' } as const;
const CLASSES = { valid: 'valid', invalid: 'invalid', 'not-checked': 'nc' } as const;

/** Decisions of a package, INVALID ones first, a few at a time: a package may hold thousands. */
export function SectionList({ sections }: { sections: readonly ReportSection[] }) {
  const [shown, setShown] = useState(PAGE);
  const broken = sections.filter(({ verdict }) => verdict === 'invalid');
  const ordered =
    broken.length === 0 ? sections : [...broken, ...sections.filter(({ verdict }) => verdict !== 'invalid')];
  return (
    <>
      <ol className="vsections">
        {ordered.slice(0, shown).map((section) => (
          <Section key={section.id} section={section} isOpen={sections.length === 1} />
        ))}
      </ol>
      {sections.length > shown && (
        <p className="panel-body">
          <Button small onClick={() => setShown(shown + PAGE)}>
            Show {Math.min(PAGE, sections.length - shown)} more of {sections.length.toLocaleString('en')}
          </Button>
        </p>
      )}
    </>
  );
}

/** Its lines are drawn when it is opened. */
function Section({ section, isOpen }: { section: ReportSection; isOpen: boolean }) {
  const [open, setOpen] = useState(isOpen);
  const { verdict, checks, title } = section;
  const count = (wanted: keyof typeof WORDS) => checks.filter((check) => check.verdict === wanted).length;
  return (
    <li className={CLASSES[verdict]} data-section={section.id} data-verdict={verdict}>
      <details open={open} onToggle={(event) => setOpen(event.currentTarget.open)}>
        <summary className={CLASSES[verdict]}>
          <span className="st">
            <Icon name={verdict} />
            <b>{WORDS[verdict]}</b>
          </span>
          <span className="vs-title">
            <MarkedText text={title} />
          </span>
          <span className="t2 num">
            {count('valid')} VALID, {count('not-checked')} NOT CHECKED, {count('invalid')} INVALID
          </span>
        </summary>
        {open && (
          <ol className="checks">
            {checks.map((check, at) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: lines of one section never change their order
              <CheckRow key={at} check={check} />
            ))}
          </ol>
        )}
      </details>
    </li>
  );
}
