import { Refusal } from './refusal';

/** The commands, each loaded only when asked for. */
const COMMANDS: Record<string, { about: string; load: () => Promise<(args: string[]) => Promise<number>> }> =
  {
    up: {
      about: 'start the console, preparing whatever is missing (--empty: without the demo)',
      load: async () => (await import('./up/up')).up,
    },
    check: {
      about: 'check everything: format, lint, types, architecture, tests, end to end',
      load: async () => (await import('./check/check')).check,
    },
    lock: {
      about: 'complete package-lock.json for every platform, after an install',
      load: async () => (await import('./lock-file/lock-command')).lockCommand,
    },
    import: {
      about: 'replay published agent runs through the HTTP API: import agentdojo|tau-bench <directory>',
      load: async () => (await import('./import/import-command')).importCommand,
    },
    export: {
      about:
        'save an evidence package as a signed-in person: export --console <url> --decision <id> --out <file> …',
      load: async () => (await import('./export/export-command')).exportCommand,
    },
    verify: {
      about:
        'check evidence files under keys you pin, or an outside log: verify <file>… [--trust <file>]… [--json]',
      load: async () => (await import('./verify/verify-command')).verifyCommand,
    },
    conform: {
      about: 'tell a vendor line by line what its records miss: conform <file>… [--key <file>]… [--json]',
      load: async () => (await import('./conform/conform-command')).conformCommand,
    },
    rebuild: {
      about: 'derive everything that is searched and counted from the records again',
      load: async () => (await import('./rebuild/rebuild-command')).rebuildCommand,
    },
    bench: {
      about:
        'measure against a reference in the same run: bench ingest|append|sequence [--seconds N] [--json]',
      load: async () => (await import('./bench/run-bench')).runBench,
    },
    vectors: {
      about: 'judge every published vector here and in a Chromium, and print one table: vectors [--json]',
      load: async () => (await import('./vectors/vectors-command')).vectorsCommand,
    },
    keys: {
      about: "the console's own keys; keys rotate approval|journal [--compromised] exchanges one",
      load: async () => (await import('./keys/keys-command')).keysCommand,
    },
    witness: {
      about:
        "cosign somebody else's log as a C2SP witness: witness --directory <directory> --log <verifier key>",
      load: async () => (await import('./witness/witness-command')).witnessCommand,
    },
    gateway: {
      about:
        'stand before an MCP server and put its tool calls under approval: gateway --config <file> -- <server command>',
      load: async () => (await import('./gateway/gateway-command')).gatewayCommand,
    },
    otlp: {
      about:
        'turn GenAI spans that their producer marked audit-grade into records: otlp --config <file> [--key]',
      load: async () => (await import('./otlp/otlp-command')).otlpCommand,
    },
    log: {
      about: 'log recover: recompute a halted log, and start it again only if everything it signed fits',
      load: async () => (await import('./log/log-command')).logCommand,
    },
    migrate: {
      about: 'bring the database of a data directory, or of DATABASE_URL, to the current schema',
      load: async () => (await import('./migrate/migrate')).migrateCommand,
    },
  };

function describeCommands(): string {
  const lines = Object.entries(COMMANDS).map(([name, { about }]) => `  ${name.padEnd(8)} ${about}`);
  return `Usage: npx countersign <command>\n${lines.join('\n')}`;
}

async function run(name: string | undefined, args: string[]): Promise<number> {
  const command = name !== undefined && Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (!command) {
    console.log(describeCommands());
    return name === undefined || name === 'help' || name === '--help' ? 0 : 1;
  }
  const start = await command.load();
  return start(args);
}

const [name, ...args] = process.argv.slice(2);
run(name, args).then(
  (code) => process.exit(code),
  (error: unknown) => {
    if (error instanceof Refusal) console.error(error.message);
    else if (process.env.COUNTERSIGN_TRACE) console.error(error);
    else
      console.error(
        `${error instanceof Error ? error.message : String(error)}\n(COUNTERSIGN_TRACE=1 shows where.)`,
      );
    process.exit(1);
  },
);
