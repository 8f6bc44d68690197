import { DatabaseError } from 'pg';

/**
 * What the server's log may hold of an error: where it happened and which kind it is. A database's own words quote the
 * values of the row that failed (`Key (email)=(…)`, `Failing row contains (…)`), so of those only codes and names are kept.
 */
export function describeError(error: unknown): string {
  if (!(error instanceof Error)) return typeof error;
  const stack = (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line));
  return [headline(error), ...stack].join('\n');
}

function headline(error: Error): string {
  if (!(error instanceof DatabaseError)) return `${error.name}: ${error.message}`;
  const { code, table, column, constraint, routine } = error;
  const parts = Object.entries({ code, table, column, constraint, routine })
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name}=${value}`);
  return `DatabaseError: ${parts.join(' ')}`;
}
