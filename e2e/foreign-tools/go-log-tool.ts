import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface LogEvidence {
  vkey: string;
  notes: string[];
  /** Bytes in base64, as Go's JSON reads them. */
  entries: { index: number; size: number; entry: string; root: string; proof: string[] }[];
  trees: { size1: number; size2: number; root1: string; root2: string; proof: string[] }[];
}

/** What Go's packages said of each: empty where they accepted it. */
export interface GoVerdicts {
  notes: string[];
  entries: string[];
  trees: string[];
}

export interface GoLogTool {
  judge: (evidence: LogEvidence) => GoVerdicts;
  remove: () => void;
}

/**
 * Builds `check-log.go` with the machine's Go and the copy of golang.org/x/mod that every Go brings along for its own
 * commands; nothing is fetched. Null where there is no Go, or one without that copy.
 */
export function buildGoLogTool(): GoLogTool | null {
  const asked = spawnSync('go', ['env', 'GOROOT'], { encoding: 'utf8' });
  if (asked.status !== 0) return null;
  const packages = join(asked.stdout.trim(), 'src/cmd/vendor/golang.org/x/mod/sumdb');
  if (!existsSync(join(packages, 'note')) || !existsSync(join(packages, 'tlog'))) return null;
  const folder = mkdtempSync(join(tmpdir(), 'countersign-go-'));
  for (const name of ['note', 'tlog'])
    cpSync(join(packages, name), join(folder, 'mod/sumdb', name), { recursive: true });
  cpSync(join(import.meta.dirname, 'check-log.go'), join(folder, 'main.go'));
  writeFileSync(join(folder, 'mod/go.mod'), 'module golang.org/x/mod\n\ngo 1.22\n');
  writeFileSync(
    join(folder, 'go.mod'),
    'module check-log\n\ngo 1.22\n\nrequire golang.org/x/mod v0.0.0\n\nreplace golang.org/x/mod => ./mod\n',
  );
  const env = { ...process.env, GOPROXY: 'off', GOFLAGS: '-mod=mod', GOTOOLCHAIN: 'local' };
  execFileSync('go', ['build', '-o', 'check-log', '.'], { cwd: folder, env, stdio: 'pipe' });
  return {
    judge: (evidence) => {
      const input = JSON.stringify(evidence);
      const output = execFileSync(join(folder, 'check-log'), { input, encoding: 'utf8' });
      const { Notes, Entries, Trees } = JSON.parse(output) as Record<'Notes' | 'Entries' | 'Trees', string[]>;
      return { notes: Notes, entries: Entries, trees: Trees };
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
