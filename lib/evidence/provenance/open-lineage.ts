/**
 * A part of the lineage as OpenLineage run events (specification 2-0-2), one JSON object a line: every decision, review,
 * redemption and so on is a run that has completed, what it used its inputs, what came of it its outputs, and the run that
 * it follows its parent.
 *
 *   {"eventType":"COMPLETE","eventTime":"2026-11-20T06:42:17.284Z",
 *    "producer":"https://console.example","schemaURL":"https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/RunEvent",
 *    "run":{"runId":"01a1…","facets":{…}},"job":{"namespace":"https://console.example","name":"sepsis-triage"},
 *    "inputs":[{"namespace":"https://console.example","name":"sha-256:ab…"}],"outputs":[]}
 */
import { utf8 } from '@/lib/core/bytes';
import { formatHex } from '@/lib/core/encoding';
import { sha256 } from '@/lib/core/hash';
import { causeOf, effectOf } from '@/lib/lineage/edge-direction';
import type { LineageNode } from '@/lib/lineage/lineage-view';
import { ACTIVITY_KINDS, type DrawnGraph } from './describe-graph';

const RUN_EVENT = 'https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/RunEvent';
const PARENT_FACET = 'https://openlineage.io/spec/facets/1-1-0/ParentRunFacet.json#/$defs/ParentRunFacet';

interface Facet {
  _producer: string;
  _schemaURL: string;
  [name: string]: unknown;
}

interface Dataset {
  namespace: string;
  name: string;
  facets?: Record<string, Facet>;
}

export interface RunEvent {
  eventType: 'COMPLETE';
  eventTime: string;
  producer: string;
  schemaURL: string;
  run: { runId: string; facets: Record<string, Facet> };
  job: { namespace: string; name: string };
  inputs: Dataset[];
  outputs: Dataset[];
}

/** A run's id is a UUID: that of a decision's own id, else one of version 8 (RFC 9562 §5.8) from the id's digest. */
export function runIdOf(id: string): string {
  const own = /^dec_([0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12})$/.exec(id)?.[1];
  if (own !== undefined) return own;
  const hex = formatHex(sha256(utf8(`countersign/run/v1\n${id.toWellFormed()}`))).slice(0, 32);
  const variant = ((Number.parseInt(hex.charAt(16), 16) & 3) | 8).toString(16);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20)}`;
}

/** Run events in the order of time. Something without a time of its own is only ever a parent: no event is made up. */
export function listRunEvents(graph: DrawnGraph, { origin }: { origin: string }): RunEvent[] {
  const nodes = new Map(graph.nodes.map((node) => [node.id, node]));
  const facet = (schema: string, told: Record<string, unknown>): Facet => ({
    _producer: origin,
    _schemaURL: schema,
    ...told,
  });
  const ours = `${origin}/docs/formats`;
  const jobOf = (node: LineageNode) => ({ namespace: origin, name: node.agent ?? node.kind });
  const datasetOf = (node: LineageNode): Dataset => {
    const external = /^ext:([^:]*):(.*)$/s.exec(node.id);
    return {
      namespace: external?.[1] || origin,
      name: external?.[2] || node.id,
      facets: { countersign_node: facet(ours, { id: node.id, kind: node.kind, label: node.label }) },
    };
  };
  const events = new Map<string, RunEvent>();
  const open = (node: LineageNode, runId: string, at: string, job = jobOf(node)): RunEvent => {
    const event: RunEvent = {
      eventType: 'COMPLETE',
      eventTime: at,
      producer: origin,
      schemaURL: RUN_EVENT,
      run: {
        runId,
        facets: {
          countersign_node: facet(ours, {
            id: node.id,
            kind: node.kind,
            label: node.label,
            ...(node.note === null ? {} : { note: node.note }),
          }),
        },
      },
      job,
      inputs: [],
      outputs: [],
    };
    events.set(runId, event);
    return event;
  };
  for (const node of nodes.values()) {
    if (ACTIVITY_KINDS.has(node.kind) && node.at !== null) open(node, runIdOf(node.id), node.at);
  }
  for (const edge of graph.edges) {
    const [cause, effect] = [nodes.get(causeOf(edge)), nodes.get(effectOf(edge))];
    if (!cause || !effect) continue;
    const [before, after] = [events.get(runIdOf(cause.id)), events.get(runIdOf(effect.id))];
    if (ACTIVITY_KINDS.has(effect.kind)) {
      if (!after) continue;
      if (!ACTIVITY_KINDS.has(cause.kind)) after.inputs.push(datasetOf(cause));
      else addParent(after, cause, facet, jobOf(cause));
    } else if (ACTIVITY_KINDS.has(cause.kind)) before?.outputs.push(datasetOf(effect));
    else {
      // A thing that came of a thing: an approval's execution, which has no record of its own here.
      const at = effect.at ?? cause.at;
      const runId = runIdOf(`${cause.id}\n${edge.kind}\n${effect.id}`);
      if (at === null) continue;
      const between = open(cause, runId, at, { namespace: origin, name: edge.kind });
      between.inputs.push(datasetOf(cause));
      between.outputs.push(datasetOf(effect));
    }
  }
  return [...events.values()].sort((a, b) =>
    a.eventTime === b.eventTime ? (a.run.runId < b.run.runId ? -1 : 1) : a.eventTime < b.eventTime ? -1 : 1,
  );
}

/** OpenLineage knows one parent; all of them stand in a facet of our own. */
function addParent(
  event: RunEvent,
  cause: LineageNode,
  facet: (schema: string, told: Record<string, unknown>) => Facet,
  job: { namespace: string; name: string },
): void {
  const { facets } = event.run;
  facets.parent ??= facet(PARENT_FACET, { run: { runId: runIdOf(cause.id) }, job });
  const known = (facets.countersign_parents?.ids as string[] | undefined) ?? [];
  facets.countersign_parents = facet(`${event.producer}/docs/formats`, { ids: [...known, cause.id] });
}

/** The events as they are sent and stored: one JSON object a line. */
export function formatRunEvents(events: readonly RunEvent[]): string {
  return events.map((event) => `${JSON.stringify(event)}\n`).join('');
}
