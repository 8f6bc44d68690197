import type { Client } from 'pg';

export const APP_ROLE = 'countersign_app';

/** Evidence: the app's role may INSERT and SELECT, nothing else (data.md, "Immutable evidence"). */
export const EVIDENCE_TABLES = [
  'records',
  'entries',
  'tiles',
  'checkpoints',
  'receipts',
  'evaluations',
  'reviews',
  'approvals',
  'redemptions',
  'revocations',
  'outcomes',
  'policies',
  'console_keys',
  'console_key_retirements',
  'peer_checkpoints',
  'foreign_records',
  'closed_gaps',
  'reconciliations',
  'reconciliation_items',
] as const;

/** The statements that create the app's role and hold it to appending evidence. Run by the owner after migrating. */
export async function grantStatements(client: Client, role: string, password: string): Promise<string[]> {
  const name = client.escapeIdentifier(role);
  const exists = await client.query('SELECT 1 FROM pg_roles WHERE rolname = $1', [role]);
  const owner = await client.query<{ owner: string; database: string }>(
    'SELECT current_user AS owner, current_database() AS database',
  );
  const database = client.escapeIdentifier(owner.rows[0]?.database ?? '');
  const evidence = EVIDENCE_TABLES.map((table) => client.escapeIdentifier(table)).join(', ');
  return [
    `${exists.rowCount ? 'ALTER' : 'CREATE'} ROLE ${name} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD ${client.escapeLiteral(password)}`,
    `GRANT CONNECT ON DATABASE ${database} TO ${name}`,
    `GRANT USAGE ON SCHEMA public TO ${name}`,
    `GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO ${name}`,
    `REVOKE UPDATE, DELETE, TRUNCATE, REFERENCES, TRIGGER ON ${evidence} FROM ${name}`,
    `REVOKE ALL ON _prisma_migrations FROM ${name}`,
  ];
}
