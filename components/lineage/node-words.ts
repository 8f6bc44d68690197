import type { IconName } from '@/components/ui/icon';
import type { NodeKind } from '@/lib/lineage/lineage-view';

/** What kind of thing a node is, as its shape tells it. */
export type NodeFamily = 'decision' | 'people' | 'version' | 'content' | 'elsewhere';

export const FAMILY_WORDS: Record<NodeFamily, string> = {
  decision: 'decisions',
  people: 'authority and effect',
  version: 'versions',
  content: 'content',
  elsewhere: 'elsewhere',
};

export const NODE_WORDS: Record<NodeKind, { word: string; icon: IconName; family: NodeFamily }> = {
  decision: { word: 'decision', icon: 'decisions', family: 'decision' },
  foreign: { word: 'decision elsewhere', icon: 'external', family: 'elsewhere' },
  missing: { word: 'missing decision', icon: 'missing', family: 'elsewhere' },
  escalation: { word: 'escalation', icon: 'hand', family: 'people' },
  review: { word: 'review', icon: 'person', family: 'people' },
  approval: { word: 'approval', icon: 'check', family: 'people' },
  redemption: { word: 'redemption', icon: 'bolt', family: 'people' },
  revocation: { word: 'revocation', icon: 'x', family: 'people' },
  outcome: { word: 'outcome', icon: 'flag', family: 'people' },
  change: { word: 'change', icon: 'changes', family: 'version' },
  prompt: { word: 'prompt', icon: 'doc', family: 'version' },
  policy: { word: 'policy', icon: 'shield', family: 'version' },
  model: { word: 'model', icon: 'model', family: 'version' },
  index: { word: 'index', icon: 'index', family: 'version' },
  guardrail: { word: 'guardrail', icon: 'lock', family: 'version' },
  version: { word: 'setting', icon: 'settings', family: 'version' },
  retrieved: { word: 'retrieved', icon: 'search', family: 'content' },
  input: { word: 'input', icon: 'download', family: 'content' },
  output: { word: 'output', icon: 'upload', family: 'content' },
  external: { word: 'elsewhere', icon: 'external', family: 'elsewhere' },
  record: { word: 'record', icon: 'attested', family: 'elsewhere' },
};
