import { parseBase64 } from '@/lib/core/encoding';
import type { Check } from '@/lib/integrity/check';
import { parseForeignEvidence } from '@/lib/mesh/foreign-decision';
import { verifyForeignDecision } from '@/lib/mesh/verify-foreign-decision';
import type { DecisionMaterial } from './verification-material';

type ForeignParent = NonNullable<DecisionMaterial['foreignParents']>[number];

/**
 * The parents that a decision names and that are not of this log: each held from another console is verified from its
 * bytes under the key pinned for that console's log; one that is nowhere is a hole, in words.
 * @param held parents that are decisions of this log, whose own page verifies them
 */
export async function checkParents(
  parents: readonly string[],
  held: readonly string[],
  foreign: readonly ForeignParent[],
): Promise<Check[]> {
  const elsewhere = [...new Set(parents)].filter((id) => !held.includes(id));
  const lines = await Promise.all(
    elsewhere.map(async (id): Promise<Check[]> => {
      const kept = foreign.find((parent) => parent.id === id);
      if (kept) return verifyKept(kept);
      return [
        {
          id: 'parent.missing',
          title: 'Parent decision',
          verdict: 'not-checked',
          compared: `the parent ${id} that this decision names`,
          reason: 'it is neither here nor at a console that shares it: a hole in the lineage',
        },
      ];
    }),
  );
  return lines.flat().map((check, _, all) => {
    // Several parents bring lines of the same kind; each keeps an id of its own.
    const before = all.slice(0, all.indexOf(check)).filter(({ id }) => id === check.id).length;
    return before === 0 ? check : { ...check, id: `${check.id}.${before + 1}` };
  });
}

async function verifyKept({ id, peer, vkey, evidence }: ForeignParent): Promise<Check[]> {
  const bytes = parseBase64(evidence);
  const read = bytes.ok ? parseForeignEvidence(bytes.value) : bytes;
  if (read.ok) return (await verifyForeignDecision(read.value, { id, peer, vkey })).checks;
  return [
    {
      id: 'parent.form',
      title: `Parent at ${peer}`,
      verdict: 'invalid',
      code: read.code,
      compared: `the form of what is kept of ${id}`,
    },
  ];
}
