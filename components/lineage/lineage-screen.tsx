'use client';

import { useRouter, useSearchParams } from 'next/navigation';
import { type FormEvent, useId, useState } from 'react';
import { Button } from '@/components/ui/button';
import { Id } from '@/components/ui/id';
import { StateBox } from '@/components/ui/state-box';
import { Tabs } from '@/components/ui/tabs';
import { TextInput } from '@/components/ui/text-input';
import { routes } from '@/lib/client/routes';
import { LineageTouched } from './lineage-touched';
import { LineageView } from './lineage-view';
import { LineageWay } from './lineage-way';
import './lineage.css';

const VIEWS = ['around', 'touched', 'way'] as const;

/** `/lineage?node=…&view=…&to=…`: where something came from, what it led to, and the way between two things. */
export function LineageScreen() {
  const params = useSearchParams();
  const node = params.get('node') ?? '';
  const view = VIEWS.find((each) => each === params.get('view')) ?? 'around';
  return (
    <div className="page linpage">
      <div className="dhead">
        <h1>
          Lineage{' '}
          {node !== '' && (
            <>
              <span className="l">of</span> <Id value={node} keep={8} copy />
            </>
          )}
        </h1>
        <FindNode />
      </div>
      {node === '' ? (
        <StateBox kind="empty" title="Begin with something">
          A decision, an escalation, an approval, a digest of a prompt, policy, payload or retrieved document,
          a model, an index, or a thing in another system. Every decision has its lineage under its own tab.
        </StateBox>
      ) : (
        <>
          <Tabs
            label="Lineage"
            current={view}
            tabs={[
              { key: 'around', label: 'Around it', href: routes.lineage(node) },
              { key: 'touched', label: 'What it touched', href: routes.lineage(node, { view: 'touched' }) },
              { key: 'way', label: 'Way to another', href: routes.lineage(node, { view: 'way' }) },
            ]}
          />
          {view === 'touched' && <LineageTouched key={node} node={node} />}
          {view === 'way' && (
            <LineageWay
              node={node}
              to={params.get('to') ?? ''}
              way={params.get('way') === 'any' ? 'any' : 'causal'}
            />
          )}
          {view === 'around' && <LineageView key={node} node={node} />}
        </>
      )}
    </div>
  );
}

function FindNode() {
  const router = useRouter();
  const [text, setText] = useState('');
  const id = useId();
  function submit(event: FormEvent) {
    event.preventDefault();
    if (text.trim() !== '') router.push(routes.lineage(text.trim()));
  }
  return (
    <form className="lfind" onSubmit={submit}>
      <label className="vh" htmlFor={id}>
        Id or digest
      </label>
      <TextInput
        id={id}
        mono
        value={text}
        onChange={(event) => setText(event.target.value)}
        placeholder="id or digest"
      />
      <Button type="submit">Show</Button>
    </form>
  );
}
