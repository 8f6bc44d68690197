'use client';

import { useQuery } from '@tanstack/react-query';
import Link from 'next/link';
import { useRouter } from 'next/navigation';
import { type FormEvent, useId, useState } from 'react';
import { nodeHref } from '@/components/decisions/value-parts';
import { Button } from '@/components/ui/button';
import { Icon } from '@/components/ui/icon';
import { Id } from '@/components/ui/id';
import { MarkedText } from '@/components/ui/marked-text';
import { Segmented } from '@/components/ui/segmented';
import { Skeleton } from '@/components/ui/skeleton';
import { StateBox } from '@/components/ui/state-box';
import { TextInput } from '@/components/ui/text-input';
import { Time } from '@/components/ui/time';
import { RequestError } from '@/lib/client/fetch-json';
import { pathQuery } from '@/lib/client/queries/lineage';
import { routes } from '@/lib/client/routes';
import { effectOf } from '@/lib/lineage/edge-direction';
import type { LineagePath, PathWay } from '@/lib/lineage/lineage-view';
import { NODE_WORDS } from './node-words';
import { shortLabel } from './short-label';

/** The way between two nodes: along causes and effects, or along edges whichever way they point. */
export function LineageWay({ node, to, way }: { node: string; to: string; way: PathWay }) {
  const router = useRouter();
  return (
    <>
      <div className="lfilter">
        <FindEnd key={to} node={node} to={to} way={way} />
        <Segmented
          label="Which way"
          value={way}
          onChange={(next) => router.replace(routes.lineage(node, { view: 'way', to, way: next }))}
          options={[
            { value: 'causal', label: 'from cause to effect' },
            { value: 'any', label: 'any way' },
          ]}
        />
      </div>
      {to === '' ? (
        <StateBox kind="empty" title="To where?">
          Give the other end: an id or a digest. The search goes out from both ends at once.
        </StateBox>
      ) : (
        <FoundWay node={node} to={to} way={way} />
      )}
    </>
  );
}

function FindEnd({ node, to, way }: { node: string; to: string; way: PathWay }) {
  const router = useRouter();
  const [text, setText] = useState(to);
  const id = useId();
  function submit(event: FormEvent) {
    event.preventDefault();
    if (text.trim() !== '') router.push(routes.lineage(node, { view: 'way', to: text.trim(), way }));
  }
  return (
    <form className="lfind" onSubmit={submit}>
      <label className="vh" htmlFor={id}>
        The other end
      </label>
      <TextInput
        id={id}
        mono
        value={text}
        onChange={(event) => setText(event.target.value)}
        placeholder="the other end: id or digest"
      />
      <Button type="submit">Find the way</Button>
    </form>
  );
}

function FoundWay({ node, to, way }: { node: string; to: string; way: PathWay }) {
  const path = useQuery(pathQuery(node, to, way));
  if (path.isPending) return <Skeleton lines={6} label="Searching from both ends" />;
  if (path.isError) {
    const unknown = path.error instanceof RequestError && path.error.status === 404;
    return (
      <StateBox
        kind={unknown ? 'empty' : 'failing'}
        title={unknown ? 'Nothing here has one of these names' : 'The way could not be searched'}
        action={
          unknown ? undefined : (
            <Button small onClick={() => path.refetch()}>
              Search again
            </Button>
          )
        }
      >
        {unknown ? 'No record of this organisation names it.' : path.error.message}
      </StateBox>
    );
  }
  const { found, searched, limits, nodes, edges } = path.data;
  const cut =
    searched.cut === 0 ? '' : ` ${searched.cut.toLocaleString('en')} had more neighbours than were followed.`;
  if (!found) {
    return (
      <StateBox
        kind="empty"
        title={`No way within ${limits.hops} hops and ${limits.nodes.toLocaleString('en')} things`}
      >
        {searched.nodes.toLocaleString('en')} things were looked at, {searched.hops} hops far.{cut} That is no
        proof that there is none{way === 'causal' ? '; there may be one that does not follow causes' : ''}.
      </StateBox>
    );
  }
  return (
    <>
      <p className="t2 lsum" role="status">
        {edges.length === 0
          ? 'Both ends are the same.'
          : `${edges.length} ${edges.length === 1 ? 'step' : 'steps'}, ${searched.cut === 0 ? 'a shortest way' : 'the shortest that was found'}; ${searched.nodes.toLocaleString('en')} things were looked at.`}
        {cut}
      </p>
      <Steps nodes={nodes} edges={edges} />
    </>
  );
}

function Steps({ nodes, edges }: Pick<LineagePath, 'nodes' | 'edges'>) {
  return (
    <ol className="panel lway">
      {nodes.map((node, at) => {
        const { word, icon, family } = NODE_WORDS[node.kind];
        const edge = edges[at];
        return (
          <li key={node.id}>
            <span className={`lshape ${family}`}>
              <Icon name={icon} small />
            </span>
            <span className="lway-n">
              <Link className="link" href={nodeHref(node.id)} prefetch={false}>
                <MarkedText text={shortLabel(node.label)} />
              </Link>{' '}
              <span className="dim">
                {word}
                {node.note !== null && (
                  <>
                    , <MarkedText text={node.note} />
                  </>
                )}
              </span>
            </span>
            <Id value={node.id} keep={6} copy />
            <span className="t2">{node.at !== null && <Time at={node.at} />}</span>
            {edge && (
              <small className="lway-e">
                <Icon name={effectOf(edge) === node.id ? 'up' : 'down'} small />
                {edge.kind.replaceAll('_', ' ')},{' '}
                {effectOf(edge) === node.id ? 'this rests on the next' : 'this led to the next'}
              </small>
            )}
          </li>
        );
      })}
    </ol>
  );
}
