import type { z } from 'zod';
import type { decisionBody } from '@/lib/decisions/record-payload';
import type { evidenceSchema, REASON_CODES } from '@/lib/escalations/escalation-view';
import type { ProducerKind } from '@/lib/producers/producer';
import type { Action } from '@/lib/tokens/action';
import type { TokeniseRequest } from '@/lib/vault/tokenise-request';
import type { DemoTenant } from './cast';
import type { DemoPrompt } from './prompts';
import type { SeededRandom } from './seeded-random';

export type DecisionInput = z.input<typeof decisionBody>;
export type EvidenceInput = z.input<typeof evidenceSchema>;

/** What a person will do with it when the policy asks for one; history plays it, live traffic leaves it to people. */
export type HumanPlan =
  | {
      does: 'approve';
      reviewers: string[];
      reasonCode: (typeof REASON_CODES)['approve'][number];
      reasonText: string;
      dwellMs: number;
    }
  | {
      does: 'deny';
      reviewers: string[];
      reasonCode: (typeof REASON_CODES)['deny'][number];
      reasonText: string;
      dwellMs: number;
    }
  | { does: 'nothing' }
  | { does: 'cancel'; afterMs: number };

/** One thing an agent proposes to do, with all that its decision record, its gateway and its reviewer need. */
export interface Proposal {
  producer: string;
  atMs: number;
  action: Action;
  /** Everything of the decision body but `output.outcome`, which the decision point fills in. */
  body: Omit<DecisionInput, 'output' | 'downstream'>;
  evidence: EvidenceInput;
  subjects: { type: string; token: string }[];
  /** Earlier proposals of the same list that this one follows from; their decisions become its parents. */
  follows: number[];
  human: HumanPlan;
  /** What executing it creates elsewhere. */
  downstream: { system: string; type: string; id: string }[];
}

/** A model, prompt, guardrail or policy that changes on a day of the demo. */
export interface PlannedChange {
  daysAgo: number;
  producer: string;
  target: 'model' | 'prompt' | 'retrieval_index' | 'guardrail';
  name: string;
  fromVersion: string;
  toVersion: string;
  summary: string;
}

export interface Scenario {
  tenant: DemoTenant;
  /** Producers by SPIFFE path and display name; the first gateway submits for all. */
  producers: { id: string; name: string; kind: ProducerKind }[];
  gateway: string;
  /** The policy as of `daysAgo`, oldest first. */
  policies: { daysAgo: number; document: unknown; summary: string }[];
  /** Whose prompt templates have their texts registered. */
  prompts: { producer: string; template: DemoPrompt }[];
  changes: PlannedChange[];
  /** Proposals a day at the start of the 90 days. */
  dailyRate: number;
  /** The organisation is older than the history: milliseconds since the epoch. */
  since?: number;
  /** Made-up identifiers of its subjects, which the vault exchanges for tokens when the site is set up. */
  identifiers?: TokeniseRequest['items'];
  /** Takes the tokens, in the order of `identifiers`. */
  nameSubjects?(tokens: readonly string[]): void;
  propose(random: SeededRandom, atMs: number, startMs: number): Proposal[];
}
