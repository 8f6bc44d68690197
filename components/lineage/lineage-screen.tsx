'use client';

import { useRouter, useSearchParams } from 'next/navigation';
import { type FormEvent, useId, useState } from 'react';
import { Button } from '@/components/ui/button';
import { Id } from '@/components/ui/id';
import { StateBox } from '@/components/ui/state-box';
import { TextInput } from '@/components/ui/text-input';
import { routes } from '@/lib/client/routes';
import { LineageView } from './lineage-view';

/** `/lineage?node=…`: where something came from and what it led to. */
export function LineageScreen() {
  const node = useSearchParams().get('node') ?? '';
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
        <LineageView key={node} node={node} />
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
