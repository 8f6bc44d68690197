/**
 * Where an instruction came from: retrieved passages that read like an instruction and name what the action is aimed at.
 * A finding points, it does not judge: an honest bill also names the account that it wants to be paid into.
 */
import type { EscalationDetail } from './escalation-view';

export interface NamedPassage {
  /** UTF-16 offsets into the item's text. */
  from: number;
  to: number;
  why: string;
  /** Targets of the action that stand in the passage; attacker-controlled. */
  targets: string[];
}

export interface InstructionSource {
  /** Index into `evidence.retrieved`, or -1 for what the agent said. */
  item: number;
  passages: NamedPassage[];
}

/** Shorter strings stand in any text by chance. */
const MIN_TARGET_CHARACTERS = 8;

/** Every text inside the action's properties and resource that could name where something goes. */
export function targetsOf(actionJson: string): string[] {
  const found = new Set<string>();
  const walk = (value: unknown): void => {
    if (typeof value === 'string') {
      const target = value.replace(/^https?:\/\//, '');
      if (target.length >= MIN_TARGET_CHARACTERS) found.add(target);
    } else if (Array.isArray(value)) value.forEach(walk);
    else if (value && typeof value === 'object') Object.values(value).forEach(walk);
  };
  let action: { action?: { properties?: unknown }; resource?: unknown };
  try {
    action = JSON.parse(actionJson) as typeof action;
  } catch {
    return [];
  }
  walk(action.action?.properties);
  walk(action.resource);
  return [...found];
}

/** The marked passages of what an escalation showed, each with the action's targets that it names. */
export function findInstructionSources(
  detail: Pick<EscalationDetail, 'actionJson' | 'evidence' | 'marked'>,
): InstructionSource[] {
  const targets = targetsOf(detail.actionJson);
  return detail.marked.map(({ item, passages }) => {
    const text = (item < 0 ? detail.evidence?.agentSaid : detail.evidence?.retrieved[item]?.text) ?? '';
    return {
      item,
      passages: passages.map(({ from, to, why }) => {
        const passage = text.slice(from, to);
        return { from, to, why, targets: targets.filter((target) => passage.includes(target)) };
      }),
    };
  });
}
