import Link from 'next/link';
import { Button, buttonClass } from '@/components/ui/button';
import { Icon } from '@/components/ui/icon';
import { Id } from '@/components/ui/id';
import { MarkedText } from '@/components/ui/marked-text';
import { Time } from '@/components/ui/time';
import { routes } from '@/lib/client/routes';
import { formatCount, type LineageNode } from '@/lib/lineage/lineage-view';
import { NODE_WORDS } from './node-words';
import { shortLabel } from './short-label';

/** What is known of the chosen node, and where one can go from it. */
export function SelectedNode({
  node,
  center,
  isExpanded,
  canExpand,
  onExpand,
  onCollapse,
}: {
  node: LineageNode;
  /** Id of the graph's centre. */
  center: string;
  isExpanded: boolean;
  canExpand: boolean;
  onExpand: () => void;
  onCollapse: () => void;
}) {
  const { word, icon } = NODE_WORDS[node.kind];
  return (
    <section className="panel selbox" aria-label="Chosen node">
      <div className="subhead">
        <Icon name={icon} />
        <b>
          <MarkedText text={shortLabel(node.label)} />
        </b>
        <span className="end lab">{word}</span>
      </div>
      <p>
        <Id value={node.id} keep={8} copy />
      </p>
      {node.agent !== null && (
        <p className="t2">
          by <MarkedText text={node.agent} />
        </p>
      )}
      {node.at !== null && (
        <p className="t2">
          <Time at={node.at} />
        </p>
      )}
      <p className="t2">
        Rests on {formatCount(node.used)}, led to {formatCount(node.led)}.
      </p>
      <div className="btns">
        <Link
          className={buttonClass({ variant: 'primary', small: true })}
          href={routes.lineage(node.id, { view: 'touched' })}
          prefetch={false}
        >
          What else did this touch?
        </Link>
        {canExpand && (
          <Button small icon="plus" onClick={onExpand}>
            Show more of it
          </Button>
        )}
        {isExpanded && (
          <Button small icon="up" onClick={onCollapse}>
            Collapse
          </Button>
        )}
        {node.id !== center && (
          <Link
            className={buttonClass({ small: true })}
            href={routes.lineage(center, { view: 'way', to: node.id })}
            prefetch={false}
          >
            Way from the centre
          </Link>
        )}
        {node.id !== center && (
          <Link className={buttonClass({ small: true })} href={routes.lineage(node.id)} prefetch={false}>
            Begin here
          </Link>
        )}
        {node.kind === 'decision' && (
          <Link className={buttonClass({ small: true })} href={routes.decision(node.id)} prefetch={false}>
            Open the decision
          </Link>
        )}
        {node.kind === 'escalation' && (
          <Link className={buttonClass({ small: true })} href={routes.escalation(node.id)} prefetch={false}>
            Open the escalation
          </Link>
        )}
      </div>
    </section>
  );
}
