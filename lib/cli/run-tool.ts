import { spawn } from 'node:child_process';
import { delimiter, join } from 'node:path';
import { PROJECT_ROOT } from './project-root';

export interface ToolResult {
  exitCode: number;
  /** Both streams as they came, without colours. */
  output: string;
}

export interface ToolOptions {
  env?: Record<string, string | undefined>;
  signal?: AbortSignal;
  /** Called with each piece of output as it comes. */
  onOutput?: (text: string) => void;
}

/**
 * Runs one program in the project's root with this very Node first on the PATH, and waits for its end. An aborted
 * signal ends the program and everything it started.
 */
export function runProgram(program: string, args: string[], options: ToolOptions = {}): Promise<ToolResult> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      cwd: PROJECT_ROOT,
      env: {
        ...process.env,
        NO_COLOR: '1',
        FORCE_COLOR: undefined,
        PATH: `${join(PROJECT_ROOT, 'node_modules', '.bin')}${delimiter}${process.env.PATH ?? ''}`,
        ...options.env,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: process.platform !== 'win32',
    });
    let output = '';
    const collect = (chunk: Buffer): void => {
      const text = chunk.toString('utf8');
      output += text;
      options.onOutput?.(text);
    };
    child.stdout.on('data', collect);
    child.stderr.on('data', collect);
    const end = (): void => endGroup(child.pid);
    options.signal?.addEventListener('abort', end, { once: true });
    process.once('exit', end);
    child.once('error', reject);
    child.once('close', (code) => {
      options.signal?.removeEventListener('abort', end);
      process.off('exit', end);
      resolve({ exitCode: code ?? 1, output });
    });
  });
}

/** Runs a tool of the project's own dependencies by its script, under this very Node. */
export function runTool(script: string, args: string[], options: ToolOptions = {}): Promise<ToolResult> {
  return runProgram(process.execPath, [join(PROJECT_ROOT, 'node_modules', script), ...args], options);
}

function endGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(process.platform === 'win32' ? pid : -pid, 'SIGTERM');
  } catch {
    // It has ended already.
  }
}
