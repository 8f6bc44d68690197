'use client';

import { useQuery } from '@tanstack/react-query';
import { type FormEvent, useId, useMemo, useState } from 'react';
import { Button } from '@/components/ui/button';
import { Field } from '@/components/ui/field';
import { Panel } from '@/components/ui/panel';
import { Select } from '@/components/ui/select';
import { TextArea } from '@/components/ui/text-area';
import { TextInput } from '@/components/ui/text-input';
import { useEvidenceExport } from '@/lib/client/evidence/use-evidence-export';
import { exportPreviewQuery } from '@/lib/client/queries/evidence';
import { isForeignId } from '@/lib/core/id';
import { type ExportPurpose, MAX_CASE_DECISIONS, type PackageScope } from '@/lib/evidence/package/manifest';
import { CerExport } from './cer-export';
import { ExportContents } from './export-contents';
import { ExportOutcome } from './export-outcome';
import { PURPOSE_OPTIONS, splitIds } from './export-words';
import './evidence.css';

/** Asking for an evidence package: who it is for and why, what would be in it, and the export itself. */
export function ExportPanel({ scope: own }: { scope: PackageScope }) {
  const [others, setOthers] = useState('');
  const [payloads, setPayloads] = useState(false);
  const [caseReference, setCaseReference] = useState('');
  const { state, start, cancel } = useEvidenceExport();
  const ids = useMemo(() => splitIds(others), [others]);
  const wrong = ids.find((id) => !isForeignId(id));
  const scope = useMemo(() => widen(own, wrong === undefined ? ids : []), [own, ids, wrong]);
  const preview = useQuery(exportPreviewQuery(scope));
  const mayIncludePayloads = preview.data?.mayIncludePayloads ?? false;
  const badCase = caseReference !== '' && !isForeignId(caseReference.trim());
  const tooMany = ids.length >= MAX_CASE_DECISIONS;
  const running = state.phase === 'running';
  const boxId = useId();

  function onSubmit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    if (running || badCase || wrong !== undefined || tooMany) return;
    const form = new FormData(event.currentTarget);
    const recipient = String(form.get('recipient') ?? '').trim();
    start({
      scope,
      purpose: String(form.get('purpose')) as ExportPurpose,
      caseReference: caseReference.trim() === '' ? null : caseReference.trim(),
      recipient: recipient === '' ? null : recipient,
      payloads: payloads && mayIncludePayloads,
    });
  }

  return (
    <div className="ex-grid">
      <form className="ex-form" method="post" onSubmit={onSubmit}>
        <Field label="Purpose" hint="Stands in the console’s record of this export.">
          {(control) => (
            <Select
              {...control}
              name="purpose"
              options={PURPOSE_OPTIONS}
              placeholder="Choose one"
              defaultValue=""
              required
            />
          )}
        </Field>
        <Field
          label="Case reference"
          optional
          hint="A file number, never a name: it stands in the record too."
          {...(badCase ? { error: 'Letters, digits and . _ : / @ + - only, without spaces.' } : {})}
        >
          {(control) => (
            <TextInput
              {...control}
              name="case"
              maxLength={128}
              spellCheck={false}
              value={caseReference}
              onChange={(event) => setCaseReference(event.currentTarget.value)}
            />
          )}
        </Field>
        <Field
          label="For whom"
          optional
          hint="Stands in the package and its report; the record holds only a salted digest of it."
        >
          {(control) => <TextInput {...control} name="recipient" maxLength={200} />}
        </Field>
        {own.kind !== 'search' && (
          <Field
            label="Other decisions of the same case"
            optional
            hint="Their ids, one a line. They go into the same package."
            {...(wrong === undefined ? {} : { error: 'One of these is not the id of a decision.' })}
            {...(tooMany ? { error: `At most ${MAX_CASE_DECISIONS} decisions make a case.` } : {})}
          >
            {(control) => (
              <TextArea
                {...control}
                rows={2}
                spellCheck={false}
                value={others}
                onChange={(event) => setOthers(event.currentTarget.value)}
              />
            )}
          </Field>
        )}
        {mayIncludePayloads && (
          <div className="ex-box">
            <input
              id={boxId}
              type="checkbox"
              checked={payloads}
              onChange={(event) => setPayloads(event.currentTarget.checked)}
            />
            <label htmlFor={boxId}>
              Include payloads
              <small>
                What agents saw and did, in clear, and what reviewers wrote. Each disclosure is a record of
                its own.
              </small>
            </label>
          </div>
        )}
        <div className="ex-go">
          <Button variant="primary" type="submit" busy={running} icon="download">
            Export
          </Button>
          <span className="t2">The export is a record before a byte leaves the console.</span>
        </div>
        <ExportOutcome state={state} onCancel={cancel} />
      </form>
      <div className="ex-side">
        <Panel title="In the package" note="counted now">
          <ExportContents scope={scope} payloads={payloads && mayIncludePayloads} />
        </Panel>
        {own.kind === 'decision' && preview.data && (
          <CerExport decision={own.decision} mayExport={mayIncludePayloads} />
        )}
      </div>
    </div>
  );
}

/** One decision and others of its case make a case. */
function widen(own: PackageScope, others: readonly string[]): PackageScope {
  if (own.kind === 'search' || others.length === 0) return own;
  const first = own.kind === 'decision' ? [own.decision] : own.decisions;
  return { kind: 'case', decisions: [...new Set([...first, ...others])].slice(0, MAX_CASE_DECISIONS) };
}
