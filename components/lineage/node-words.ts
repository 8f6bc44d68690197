import type { IconName } from '@/components/ui/icon';
import type { LineageNode } from '@/lib/lineage/lineage-view';

export const NODE_WORDS: Record<LineageNode['kind'], { word: string; icon: IconName }> = {
  decision: { word: 'decision', icon: 'decisions' },
  foreign: { word: 'decision elsewhere', icon: 'external' },
  missing: { word: 'missing decision', icon: 'missing' },
  escalation: { word: 'escalation', icon: 'hand' },
  review: { word: 'review', icon: 'person' },
  approval: { word: 'approval', icon: 'check' },
  redemption: { word: 'redemption', icon: 'bolt' },
  revocation: { word: 'revocation', icon: 'x' },
  outcome: { word: 'outcome', icon: 'bolt' },
  change: { word: 'change', icon: 'changes' },
  prompt: { word: 'prompt', icon: 'doc' },
  policy: { word: 'policy', icon: 'shield' },
  model: { word: 'model', icon: 'model' },
  index: { word: 'index', icon: 'index' },
  guardrail: { word: 'guardrail', icon: 'flag' },
  version: { word: 'setting', icon: 'settings' },
  retrieved: { word: 'retrieved', icon: 'index' },
  input: { word: 'input', icon: 'doc' },
  output: { word: 'output', icon: 'doc' },
  external: { word: 'elsewhere', icon: 'external' },
  record: { word: 'record', icon: 'doc' },
};
