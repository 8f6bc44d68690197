import { Handle, type Node, type NodeProps, Position } from '@xyflow/react';
import { memo } from 'react';
import { Icon } from '@/components/ui/icon';
import { MarkedText } from '@/components/ui/marked-text';
import {
  COUNT_LIMIT,
  formatCount,
  type LineageNode as LineageNodeView,
  type NodeKind,
} from '@/lib/lineage/lineage-view';
import { NODE_WORDS } from './node-words';
import { shortLabel } from './short-label';

export type DrawnNode = Node<
  {
    node: LineageNodeView;
    isCenter: boolean;
    /** Neighbours not shown yet, and on which side of the node that is told. */
    hidden: number;
    side: 'left' | 'right';
    atLeast: boolean;
    onExpand: (id: string) => void;
  },
  'lineage'
>;

/** One thing: its kind by shape, icon and word, its name, and how much of its neighbourhood is not shown. */
export const LineageNode = memo(function LineageNode({ data, selected }: NodeProps<DrawnNode>) {
  const { node, isCenter, hidden, side, atLeast, onExpand } = data;
  const { word, icon, family } = NODE_WORDS[node.kind];
  const hiddenWords = atLeast ? formatCount(COUNT_LIMIT) : `+${formatCount(hidden)}`;
  return (
    <div
      className={`ln ${family}${isCenter ? ' me' : ''}${selected ? ' sel' : ''}${node.kind === 'escalation' ? ' esc' : ''}`}
    >
      <Handle type="target" position={Position.Left} isConnectable={false} />
      <Icon name={icon} />
      <span className="ln-w">
        <small>
          {word}
          {node.note !== null && (
            <>
              , <MarkedText text={node.note} />
            </>
          )}
        </small>
        <b title={node.label}>
          <MarkedText text={shortLabel(node.label)} />
        </b>
      </span>
      {hidden > 0 && (
        <button
          type="button"
          className={`ln-cnt nodrag ${side}`}
          tabIndex={-1}
          title="not shown yet"
          aria-label={`${hiddenWords} not shown yet: show more`}
          onClick={(event) => {
            event.stopPropagation();
            onExpand(node.id);
          }}
        >
          {hiddenWords}
        </button>
      )}
      <Handle type="source" position={Position.Right} isConnectable={false} />
    </div>
  );
});

export type DrawnBlock = Node<{ kind: NodeKind; n: number }, 'block'>;

/** The head over the things of one kind. */
export const LineageBlock = memo(function LineageBlock({ data }: NodeProps<DrawnBlock>) {
  const { word, icon } = NODE_WORDS[data.kind];
  return (
    <div className="ln-block" aria-hidden="true">
      <Icon name={icon} small /> {word}, <span className="num">{formatCount(data.n)}</span>
    </div>
  );
});

export type DrawnColumn = Node<{ title: string }, 'column'>;

/** The head over a column. */
export const LineageColumn = memo(function LineageColumn({ data }: NodeProps<DrawnColumn>) {
  return (
    <div className="ln-col" aria-hidden="true">
      {data.title}
    </div>
  );
});
