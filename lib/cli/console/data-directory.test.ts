import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { claimDataDirectory, findHolder } from './data-directory';

let root: string;
let directory: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'countersign-data-'));
  directory = join(root, 'data');
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

describe('a data directory', () => {
  it('is made for others to pass through and not to read', () => {
    claimDataDirectory(directory, false).release();
    expect(statSync(directory).mode & 0o777).toBe(0o711);
  });

  it('remembers whether it holds the demo', () => {
    claimDataDirectory(directory, true).release();
    const again = claimDataDirectory(directory, false);
    expect(again.demo).toBe(false);
    again.release();
  });

  it('is not shared with an empty console when it holds the demo', () => {
    claimDataDirectory(directory, false).release();
    expect(() => claimDataDirectory(directory, true)).toThrow(/holds the demo/);
    expect(existsSync(join(directory, 'up.pid'))).toBe(false);
  });

  it('is given to one at a time', async () => {
    claimDataDirectory(directory, false).release();
    const other = spawn(process.execPath, ['-e', 'setTimeout(() => {}, 60000)', 'countersign'], {
      stdio: 'ignore',
    });
    writeFileSync(join(directory, 'up.pid'), String(other.pid));
    expect(findHolder(directory)).toBe(other.pid);
    expect(() => claimDataDirectory(directory, false)).toThrow(
      `in use by another countersign (process ${other.pid})`,
    );
    other.kill('SIGKILL');
    await once(other, 'exit');
    claimDataDirectory(directory, false).release();
  });

  it.each([
    ['a process that has ended', '4194303'],
    ['another program that has its number now', '1'],
    ['nonsense', 'not a number'],
    ['nothing', ''],
  ])('is free again after %s', (_name, content) => {
    claimDataDirectory(directory, false).release();
    writeFileSync(join(directory, 'up.pid'), content);
    const claimed = claimDataDirectory(directory, false);
    expect(findHolder(directory)).toBeNull();
    claimed.release();
  });

  it.each([
    ['another version', '{"layout":2,"demo":true}', /another version of Countersign \(layout 2/],
    ['half a file', '{"layout":', /is damaged/],
    ['a file of another shape', '{"layout":1}', /is damaged/],
  ])('is refused in one sentence when it holds %s', (_name, content, sentence) => {
    claimDataDirectory(directory, false).release();
    writeFileSync(join(directory, 'console.json'), content);
    expect(() => claimDataDirectory(directory, false)).toThrow(sentence);
  });

  it('is refused in one sentence where a file stands in its place', () => {
    writeFileSync(join(root, 'file'), '');
    expect(() => claimDataDirectory(join(root, 'file', 'data'), false)).toThrow(
      /cannot be written \(ENOTDIR\)/,
    );
  });
});
