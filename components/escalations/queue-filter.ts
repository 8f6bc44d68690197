import type { Control, Tier } from '@/lib/decisions/record-payload';
import { CONTROL_WORDS, TIER_WORDS } from './escalation-words';

/** In the order in which a filter offers them. */
export const TIERS = Object.keys(TIER_WORDS) as Tier[];
export const CONTROLS = Object.keys(CONTROL_WORDS) as Control[];

export const QUEUE_VIEWS = ['all', 'mine', 'unclaimed', 'expiring', 'deferred'] as const;
export type QueueView = (typeof QUEUE_VIEWS)[number];

/** Which waiting escalations are listed; in the URL, so that a view can be sent to a colleague. */
export type QueueFilter = {
  view: QueueView;
  tier: Tier | null;
  control: Control | null;
  agent: string | null;
};

export const NO_FILTER: QueueFilter = { view: 'all', tier: null, control: null, agent: null };

type Params = { get(name: string): string | null };

/** Reads a filter from query parameters (hostile): what is not understood filters nothing. */
export function parseQueueFilter(params: Params): QueueFilter {
  const agent = params.get('agent');
  return {
    view: oneOf(QUEUE_VIEWS, params.get('filter')) ?? 'all',
    tier: oneOf(TIERS, params.get('tier')),
    control: oneOf(CONTROLS, params.get('control')),
    agent: agent !== null && /^[A-Za-z0-9._:/@+-]{1,128}$/.test(agent) ? agent : null,
  };
}

/** The filter and the chosen escalation of a query text, with or without `?`. */
export function parseQueuePlace(search: string): { filter: QueueFilter; selected: string | null } {
  const params = new URLSearchParams(search);
  return { filter: parseQueueFilter(params), selected: params.get('selected') };
}

/** The inverse of both: query text without `?`, empty for no filter, always in the same order. */
export function formatQueueFilter(filter: QueueFilter, selected: string | null = null): string {
  const params = new URLSearchParams();
  if (filter.view !== 'all') params.set('filter', filter.view);
  if (filter.tier !== null) params.set('tier', filter.tier);
  if (filter.control !== null) params.set('control', filter.control);
  if (filter.agent !== null) params.set('agent', filter.agent);
  if (selected !== null) params.set('selected', selected);
  return params.toString();
}

/** How many of the filters behind the Filter button are set. */
export function countFilters(filter: QueueFilter): number {
  return [filter.tier, filter.control, filter.agent].filter((value) => value !== null).length;
}

function oneOf<T extends string>(values: readonly T[], text: string | null): T | null {
  return values.find((value) => value === text) ?? null;
}
