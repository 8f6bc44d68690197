/**
 * Lineage as W3C PROV-JSON (W3C Member Submission of 24 April 2013): entities, activities and agents under qualified
 * names, and the relations between them. One bundle for each decision, so that a package of any size is written and read
 * bundle by bundle.
 *
 *   {"prefix":{"cs":"https://console.example/prov#"},
 *    "bundle":{"cs:bundle.2f0c….3":{
 *      "activity":{"cs:decision.2f0c….3":{"prov:startTime":"2026-11-20T08:36:00.123Z"}},
 *      "entity":{"cs:prompt.sha-256.ab…":{}},
 *      "used":{"_:1":{"prov:activity":"cs:decision.2f0c….3","prov:entity":"cs:prompt.sha-256.ab…"}}}}}
 */
import * as z from 'zod';
import { err, ok, type Result } from '@/lib/core/result';
import { parsePartJson } from '../package/manifest';

/** `prefix:local` or, for relations, `_:local`. */
const qname = z
  .string()
  .max(1_000)
  .regex(/^[A-Za-z_][A-Za-z0-9_-]*:[A-Za-z0-9._%-]+$/);
const literal = z.union([
  z.string().max(4_000),
  z.number(),
  z.boolean(),
  z.object({ $: z.string().max(4_000), type: z.string().max(200) }),
]);
const attributes = z.record(z.string().max(200), z.union([literal, z.array(literal).max(1_000)]));
const elements = z.record(qname, attributes);

/** A relation's own members beside further attributes. */
const relation = <K extends string>(from: K, to: string, ...others: string[]) =>
  z.record(
    qname,
    z
      .record(z.string().max(200), z.union([literal, z.array(literal).max(1_000)]))
      .refine(
        (members) =>
          [from, to].every(
            (name) => typeof members[name] === 'string' && qname.safeParse(members[name]).success,
          ) &&
          Object.keys(members).every(
            (name) =>
              !name.startsWith('prov:') ||
              [from, to, ...others, 'prov:role', 'prov:type', 'prov:label'].includes(name),
          ),
        'relation',
      ),
  );

/** Relations with the two members that they join: effect first, cause second. */
export const RELATIONS = {
  used: ['prov:activity', 'prov:entity'],
  wasGeneratedBy: ['prov:entity', 'prov:activity'],
  wasInformedBy: ['prov:informed', 'prov:informant'],
  wasDerivedFrom: ['prov:generatedEntity', 'prov:usedEntity'],
  wasAssociatedWith: ['prov:activity', 'prov:agent'],
  wasAttributedTo: ['prov:entity', 'prov:agent'],
  actedOnBehalfOf: ['prov:delegate', 'prov:responsible'],
} as const;
export type RelationName = keyof typeof RELATIONS;

export const provBundle = z.strictObject({
  entity: elements.optional(),
  activity: elements.optional(),
  agent: elements.optional(),
  used: relation('prov:activity', 'prov:entity', 'prov:time').optional(),
  wasGeneratedBy: relation('prov:entity', 'prov:activity', 'prov:time').optional(),
  wasInformedBy: relation('prov:informed', 'prov:informant').optional(),
  wasDerivedFrom: relation('prov:generatedEntity', 'prov:usedEntity', 'prov:activity').optional(),
  wasAssociatedWith: relation('prov:activity', 'prov:agent', 'prov:plan').optional(),
  wasAttributedTo: relation('prov:entity', 'prov:agent').optional(),
  actedOnBehalfOf: relation('prov:delegate', 'prov:responsible', 'prov:activity').optional(),
});
export type ProvBundle = z.infer<typeof provBundle>;

export const provDocument = z.strictObject({
  prefix: z.record(z.string().max(40), z.string().max(400)),
  bundle: z.record(qname, provBundle),
});
export type ProvDocument = z.infer<typeof provDocument>;

/** Reads hostile bytes as PROV-JSON and refuses what would be its own cause. */
export function parseProvDocument(
  bytes: Uint8Array,
): Result<ProvDocument, 'lineage_invalid' | 'lineage_cyclic'> {
  const json = parsePartJson(bytes);
  if (!json.ok) return err('lineage_invalid', json.detail);
  const parsed = provDocument.safeParse(json.value);
  if (!parsed.success) return err('lineage_invalid', parsed.error.issues[0]?.path.join('.'));
  const circle = findCircle(parsed.data);
  return circle === null ? ok(parsed.data) : err('lineage_cyclic', circle);
}

/** A thing that is among its own causes, over all bundles, or null. */
export function findCircle(document: ProvDocument): string | null {
  const causes = new Map<string, string[]>();
  for (const bundle of Object.values(document.bundle)) {
    for (const [name, [effect, cause]] of Object.entries(RELATIONS)) {
      for (const members of Object.values(bundle[name as RelationName] ?? {})) {
        const from = String(members[effect]);
        const known = causes.get(from);
        if (known) known.push(String(members[cause]));
        else causes.set(from, [String(members[cause])]);
      }
    }
  }
  // Depth first without recursion: a hostile lineage may be as deep as it is long.
  const state = new Map<string, 'open' | 'done'>();
  for (const start of causes.keys()) {
    if (state.has(start)) continue;
    const way: { name: string; next: number }[] = [{ name: start, next: 0 }];
    state.set(start, 'open');
    while (way.length > 0) {
      const top = way[way.length - 1] as { name: string; next: number };
      const cause = causes.get(top.name)?.[top.next++];
      if (cause === undefined) {
        state.set(top.name, 'done');
        way.pop();
      } else if (state.get(cause) === 'open') return cause;
      else if (!state.has(cause)) {
        state.set(cause, 'open');
        way.push({ name: cause, next: 0 });
      }
    }
  }
  return null;
}
