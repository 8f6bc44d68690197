import type { DetailCount } from '@/lib/decisions/count-matches';
import type { SearchCursor } from '@/lib/decisions/search-cursor';
import type { SearchQuery } from '@/lib/decisions/search-query';
import { listGuardrailLines } from '@/lib/producers/project-guardrails';
import type { Tx } from '../database/transaction';
import { type PageRequest, planPage } from './search-decisions';

const COLUMNS = 'tier, model, model_version, prompt, prompt_version, policy_id, policy_version, guardrails';
const READ = `d.occurred_at, d.id, d.${COLUMNS.split(', ').join(', d.')}`;

interface Row {
  tier: DetailCount['tier'];
  model: string | null;
  model_version: string | null;
  prompt: string | null;
  prompt_version: string | null;
  policy_id: string | null;
  policy_version: string | null;
  guardrails: string | null;
  n: number;
  beyond: number;
}

/**
 * The page of matches that `searchDecisions` would read, counted in the database by what they have no rollup of: what
 * comes back grows with how many of these there are, not with the page.
 * @returns `more`: there are matches beyond a full page; `to`: how far a page that is not full looked, null: to the end
 */
export async function countDetails(
  tenant: string,
  query: SearchQuery,
  request: PageRequest,
  db: Pick<Tx, 'query'>,
): Promise<{ counts: DetailCount[]; more: boolean; to: SearchCursor | null }> {
  const { statement, to } = await planPage(tenant, query, { ...request, columns: READ }, db);
  if (statement === null) return { counts: [], more: false, to: null };
  // The page holds one match more than is asked for, which tells whether there are more.
  const limit = `$${statement.values.length + 1}::bigint`;
  const { rows } = await db.query<Row>(
    `WITH page AS (${statement.text}),
       placed AS (SELECT ${COLUMNS}, row_number() OVER (ORDER BY occurred_at DESC, id DESC) <= ${limit} AS counts FROM page)
     SELECT ${COLUMNS}, count(*) FILTER (WHERE counts)::bigint AS n, count(*) FILTER (WHERE NOT counts)::bigint AS beyond
       FROM placed GROUP BY ${COLUMNS}`,
    [...statement.values, request.limit],
  );
  return {
    counts: rows.map((row) => ({
      tier: row.tier,
      model: row.model,
      modelVersion: row.model_version,
      prompt: row.prompt,
      promptVersion: row.prompt_version,
      policyId: row.policy_id,
      policyVersion: row.policy_version,
      guardrails: listGuardrailLines(row.guardrails),
      n: row.n,
    })),
    more: rows.some(({ beyond }) => beyond > 0),
    to,
  };
}
