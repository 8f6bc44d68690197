'use client';

import { useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import * as z from 'zod/mini';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { Field } from '@/components/ui/field';
import { Select } from '@/components/ui/select';
import { TextInput } from '@/components/ui/text-input';
import { fetchJson, RequestError } from '@/lib/client/fetch-json';
import { reconciliationsQuery } from '@/lib/client/queries/completeness';
import { type ColumnMapping, guessMapping } from '@/lib/completeness/map-columns';
import { type CsvTable, MAX_CSV_BYTES, parseCsv } from '@/lib/completeness/parse-csv';
import type { ReconciliationList } from '@/lib/completeness/reconciliation-view';
import { ImportPreview } from './import-preview';

interface Chosen {
  name: string;
  content: string;
  table: CsvTable;
}

/** Reads the file as strictly as the server does, so that what is previewed is what will be read. */
async function readFile(file: File): Promise<Chosen | string> {
  if (file.size > MAX_CSV_BYTES) return 'The file is larger than 4 MB; import shorter periods.';
  let content: string;
  try {
    content = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(await file.arrayBuffer());
  } catch {
    return 'The file is not UTF-8. Save it as “CSV UTF-8”.';
  }
  const table = parseCsv(content);
  if (!table.ok)
    return `The file is not a list that can be read without guessing: ${table.code.replace('csv_', '').replaceAll('_', ' ')}${table.detail ? ` at ${table.detail}` : ''}.`;
  return { name: file.name, content, table: table.value };
}

/** Choosing a file, saying what its columns mean, looking at what will be read, and importing it. */
export function ImportList({
  known,
  onClose,
  onDone,
}: {
  known: ReconciliationList['known'];
  onClose: () => void;
  onDone: (id: string) => void;
}) {
  const queries = useQueryClient();
  const [chosen, setChosen] = useState<Chosen | null>(null);
  const [mapping, setMapping] = useState<ColumnMapping | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const first = known.systems[0];

  async function choose(file: File | undefined) {
    setProblem(null);
    setChosen(null);
    if (!file) return;
    const read = await readFile(file);
    if (typeof read === 'string') setProblem(read);
    else {
      setChosen(read);
      setMapping(guessMapping(read.table.header));
    }
  }

  async function onSubmit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    if (!chosen || !mapping || busy) return;
    const form = new FormData(event.currentTarget);
    const tools = form.getAll('tool').map(String);
    if (tools.length === 0) {
      setProblem('Choose at least one tool whose decisions should have led to an action there.');
      return;
    }
    setBusy(true);
    setProblem(null);
    try {
      const made = await fetchJson('/api/v1/reconciliations', z.object({ id: z.string() }), {
        method: 'POST',
        body: {
          system: String(form.get('system')),
          type: String(form.get('type')),
          tools,
          mapping,
          toleranceMinutes: Number(form.get('tolerance')),
          content: chosen.content,
        },
      });
      await queries.invalidateQueries({ queryKey: reconciliationsQuery().queryKey });
      onDone(made.id);
    } catch (error) {
      setProblem(error instanceof RequestError ? error.message : 'The console did not answer. Try again.');
      setBusy(false);
    }
  }

  return (
    <Dialog
      open
      size="wide"
      onClose={onClose}
      title="Import a system’s own list"
      description="Ids, amounts and times are kept; everything else in the file is dropped. The file’s digest goes into the record."
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button variant="primary" type="submit" form="import-list" locked={!chosen} busy={busy}>
            Hold it against the decisions
          </Button>
        </>
      }
    >
      <form id="import-list" className="settings-form cimport" method="post" onSubmit={onSubmit}>
        {problem !== null && (
          <p className="err" role="alert">
            {problem}
          </p>
        )}
        <Field label="CSV file" hint="UTF-8, at most 4 MB and 50,000 rows, with a header.">
          {(control) => (
            <input
              {...control}
              type="file"
              accept=".csv,text/csv"
              className="input"
              onChange={(event) => void choose(event.target.files?.[0])}
            />
          )}
        </Field>
        <div className="ctwo">
          <Field label="System" hint="as decision records name it">
            {(control) => (
              <TextInput
                {...control}
                name="system"
                required
                defaultValue={first?.system ?? ''}
                pattern="[A-Za-z0-9._\-]{1,64}"
              />
            )}
          </Field>
          <Field label="What it lists" hint="payment, order …">
            {(control) => (
              <TextInput
                {...control}
                name="type"
                required
                defaultValue={first?.type ?? ''}
                pattern="[A-Za-z0-9._\-]{1,64}"
              />
            )}
          </Field>
          <Field label="Time tolerance, minutes">
            {(control) => (
              <TextInput
                {...control}
                name="tolerance"
                type="number"
                min={1}
                max={10_080}
                required
                defaultValue="60"
              />
            )}
          </Field>
        </div>
        <fieldset className="ctools">
          <legend>Tools whose decisions should have led to an action there</legend>
          {known.tools.length === 0 && <p className="dim">No decision of the last 30 days names a tool.</p>}
          {known.tools.map((tool) => (
            <label key={tool}>
              <input type="checkbox" name="tool" value={tool} /> {tool}
            </label>
          ))}
        </fieldset>
        {chosen && mapping && (
          <>
            <Columns header={chosen.table.header} mapping={mapping} onChange={setMapping} />
            <ImportPreview table={chosen.table} mapping={mapping} />
          </>
        )}
      </form>
    </Dialog>
  );
}

function Columns({
  header,
  mapping,
  onChange,
}: {
  header: readonly string[];
  mapping: ColumnMapping;
  onChange: (mapping: ColumnMapping) => void;
}) {
  const columns = header.map((name) => ({ value: name, label: name }));
  const optional = [{ value: '', label: 'not in the file' }, ...columns];
  return (
    <div className="ctwo">
      <Field label="Column of the id">
        {(control) => (
          <Select
            {...control}
            value={mapping.id}
            options={columns}
            onChange={(event) => onChange({ ...mapping, id: event.target.value })}
          />
        )}
      </Field>
      {(['amount', 'currency', 'at'] as const).map((name) => (
        <Field key={name} label={name === 'at' ? 'Column of the time' : `Column of the ${name}`}>
          {(control) => (
            <Select
              {...control}
              value={mapping[name] ?? ''}
              options={optional}
              onChange={(event) => onChange({ ...mapping, [name]: event.target.value || null })}
            />
          )}
        </Field>
      ))}
      <Field label="Amounts are written">
        {(control) => (
          <Select
            {...control}
            value={mapping.decimals}
            options={[
              { value: 'point', label: '1,234.50' },
              { value: 'comma', label: '1.234,50' },
            ]}
            onChange={(event) =>
              onChange({ ...mapping, decimals: event.target.value === 'comma' ? 'comma' : 'point' })
            }
          />
        )}
      </Field>
      {mapping.currency === null && (
        <Field label="Currency of every row" hint="ISO 4217, for instance EUR">
          {(control) => (
            <TextInput
              {...control}
              value={mapping.fixedCurrency ?? ''}
              maxLength={3}
              onChange={(event) => {
                const text = event.target.value.toUpperCase();
                onChange({ ...mapping, fixedCurrency: text === '' ? null : text });
              }}
            />
          )}
        </Field>
      )}
    </div>
  );
}
