import type { AnnouncedChange, ChangesView, SeenChange } from '@/lib/analytics/changes-view';

/** One line of the list, whoever told of it. */
export interface ListedChange {
  id: string;
  at: string;
  /** `model`, `prompt`, `retrieval index` …: the lane it lies in. */
  lane: string;
  name: string;
  fromVersion: string | null;
  toVersion: string;
  direction: 'raised' | 'lowered' | null;
  announced: boolean;
  /** Unannounced versions of the same thing that this line stands for. */
  times: number;
}

export const LANES = [
  'model',
  'prompt',
  'retrieval index',
  'guardrail',
  'policy',
  'threshold',
  'routing',
] as const;

/** What a change is called: a lowered threshold is called that. */
export function kindWords({ lane, direction }: Pick<ListedChange, 'lane' | 'direction'>): string {
  return direction === null ? lane : `${lane} ${direction}`;
}

const isDirection = (text: string | null): text is 'raised' | 'lowered' =>
  text === 'raised' || text === 'lowered';

function ofRecord(change: AnnouncedChange): ListedChange {
  const { id, at, name, fromVersion, toVersion, direction } = change;
  return {
    id,
    at,
    lane: change.target.replaceAll('_', ' '),
    name,
    fromVersion,
    toVersion,
    direction: isDirection(direction) ? direction : null,
    announced: true,
    times: 1,
  };
}

const SEEN_LANES: Record<SeenChange['kind'], string> = {
  model: 'model',
  prompt: 'prompt',
  index: 'retrieval index',
  policy: 'policy',
  routing: 'routing',
  guardrail: 'guardrail',
  'guardrail-threshold': 'threshold',
};

function ofDecisions(change: SeenChange): ListedChange {
  const { id, at, name, fromVersion, toVersion, direction, announced, times } = change;
  return { id, at, lane: SEEN_LANES[change.kind], name, fromVersion, toVersion, direction, announced, times };
}

/** Announced changes and what only decisions told, in one order, newest first; the latter only as far back as the former are read. */
export function mergeChanges(pages: readonly ChangesView[]): ListedChange[] {
  const announced = pages.flatMap(({ changes }) => changes.map(ofRecord));
  const oldest = pages.at(-1)?.older == null ? '' : (announced.at(-1)?.at ?? '');
  const seen = pages.flatMap((page) => page.seen.map(ofDecisions)).filter(({ at }) => at >= oldest);
  return [...announced, ...seen].sort((a, b) => (a.at > b.at ? -1 : a.at < b.at ? 1 : 0));
}
