#!/usr/bin/env node
// The first thing that runs in a fresh clone: plain JavaScript for Node 18 and later, no dependency.
// It sees to the dependencies, then hands over to lib/cli/main.ts under the Node that the project brings along.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

function fail(sentence) {
  console.error(sentence);
  process.exit(1);
}

/** True when node_modules is what package-lock.json asks for, by the time npm noted in it. */
function isInstalled() {
  const noted = join(root, 'node_modules', '.package-lock.json');
  return existsSync(noted) && statSync(noted).mtimeMs >= statSync(join(root, 'package-lock.json')).mtimeMs;
}

function install() {
  console.log('… Installing dependencies (npm ci); the first time takes a minute or two');
  const startedMs = Date.now();
  const npm = process.env.npm_execpath;
  const viaNode = npm !== undefined && /\.c?js$/.test(npm);
  const done = spawnSync(
    viaNode ? process.execPath : 'npm',
    [...(viaNode ? [npm] : []), 'ci', '--loglevel=error'],
    {
      cwd: root,
      stdio: 'inherit',
      shell: !viaNode && process.platform === 'win32',
    },
  );
  if (done.status !== 0)
    fail(
      'The dependencies could not be installed; npm says why above. Run npm ci again once that is mended.',
    );
  console.log(`✓ Installing dependencies (${((Date.now() - startedMs) / 1000).toFixed(1)} s)`);
}

/** The Node of the project's own dependencies, else the running one when it is recent enough. */
function findNode() {
  const name = process.platform === 'win32' ? 'node.exe' : 'node';
  const shipped = join(
    root,
    'node_modules',
    `node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`,
    'bin',
    name,
  );
  if (existsSync(shipped) && spawnSync(shipped, ['--version']).status === 0) return shipped;
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major > 22 || (major === 22 && minor >= 15)) return process.execPath;
  return fail(
    `Countersign needs Node 22.15 or later on this machine; this is ${process.version}. Install Node 24 and start again.`,
  );
}

if (!isInstalled()) install();
const tsx = pathToFileURL(join(root, 'node_modules', 'tsx', 'dist', 'loader.mjs')).href;
const child = spawn(
  findNode(),
  ['--import', tsx, join(root, 'lib', 'cli', 'main.ts'), ...process.argv.slice(2)],
  // The channel lets the child notice that this process is gone, however it ended.
  {
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
    env: { ...process.env, TSX_TSCONFIG_PATH: join(root, 'tsconfig.json') },
  },
);
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
child.on('error', (error) => fail(`The command could not be started: ${error.message}`));
child.on('exit', (code, signal) => process.exit(code ?? (signal ? 1 : 0)));
