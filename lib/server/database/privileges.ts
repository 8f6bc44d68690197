import type { Client } from 'pg';

export const APP_ROLE = 'countersign_app';

/** The one role that may enter the schema `vault`; it has the app's rights as well, to journal in the same transaction. */
export const VAULT_ROLE = 'countersign_vault';

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
  'version_registrations',
  'console_keys',
  'console_key_retirements',
  'peer_checkpoints',
  'foreign_records',
  'first_impressions',
  'comments',
  'closed_gaps',
  'reconciliations',
  'reconciliation_items',
  'looks',
  'vault_policies',
  'retention_schedules',
  'retention_deletions',
  'holds',
  'hold_releases',
  'erasures',
  'payload_ends',
  'attention_events',
  'review_measures',
  'drill_scores',
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
    `REVOKE ALL ON SCHEMA vault, payload_months FROM PUBLIC, ${name}`,
    `GRANT EXECUTE ON FUNCTION ensure_payload_partition(timestamptz), list_past_payload_partitions(timestamptz),
       drop_payload_partition(text) TO ${name}`,
  ];
}

/** The statements that create the vault's role beside the app's, and open the schema `vault` to it alone. */
export async function vaultGrantStatements(client: Client, password: string): Promise<string[]> {
  const name = client.escapeIdentifier(VAULT_ROLE);
  const exists = await client.query('SELECT 1 FROM pg_roles WHERE rolname = $1', [VAULT_ROLE]);
  return [
    `${exists.rowCount ? 'ALTER' : 'CREATE'} ROLE ${name} LOGIN INHERIT NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD ${client.escapeLiteral(password)}`,
    `GRANT ${client.escapeIdentifier(APP_ROLE)} TO ${name}`,
    `GRANT USAGE ON SCHEMA vault TO ${name}`,
    `GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA vault TO ${name}`,
  ];
}
