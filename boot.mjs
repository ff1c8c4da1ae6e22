// Starts every command of this repository from a bare clone: installs the packages, gets the right Node, runs the TypeScript.
// Plain JavaScript without packages, for any Node from 18 on. Says everything on stderr: stdout belongs to the command.
import { spawn } from 'node:child_process';
import { existsSync, linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { constants } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';

const self = fileURLToPath(import.meta.url);
const root = dirname(self);
const lock = join(root, '.install.lock');
const minNode = [22, 18];

if (!isInstalled()) await install();
if (isNodeNewEnough()) await runCommand(process.argv.slice(2));
else await startAgain();

/** Whether the installed packages are those of the lock file; optional ones are for other platforms, and may be missing. */
function isInstalled() {
  const read = (file) => JSON.parse(readFileSync(join(root, file), 'utf8')).packages;
  if (!existsSync(join(root, 'node_modules/.package-lock.json'))) return false;
  const installed = read('node_modules/.package-lock.json');
  const mayMiss = (entry) => entry.optional || (entry.dev && process.env.NODE_ENV === 'production');
  return Object.entries(read('package-lock.json')).every(
    ([path, entry]) => path === '' || (installed[path] ? installed[path].version === entry.version : mayMiss(entry)),
  );
}

async function install() {
  await takeLock();
  const freeLock = () => rmSync(lock, { force: true });
  process.on('exit', freeLock);
  if (!isInstalled()) {
    say('Installing packages (the first start here, or their list has changed): about a minute …');
    const args = ['ci', '--include=optional', '--engine-strict=false', '--no-audit', '--no-fund', '--loglevel=error'];
    const npm = process.env.npm_execpath;
    const command = /\.c?js$/.test(npm ?? '') ? [process.execPath, npm, ...args] : ['npm', ...args];
    // Its pid is in the lock too: an installation goes on when only this process is killed.
    const onStart = (child) => writeFileSync(lock, `${process.pid} ${child.pid}`);
    const code = await run(command, { stdio: ['ignore', 2, 2], cwd: root, onStart });
    if (code !== 0)
      fail(`The packages could not be installed (npm ci ended with ${code}). Check the network and the disk, then try again.`);
  }
  process.off('exit', freeLock); // by then it could be another command's lock
  freeLock();
}

/** Two commands in a fresh clone: one installs, the other waits. */
async function takeLock() {
  for (let hasSaid = false; ; await sleep(100)) {
    try {
      writeFileSync(lock, String(process.pid), { flag: 'wx' });
      return;
    } catch (error) {
      if (error.code !== 'EEXIST') fail(`The packages can't be installed: ${error.message}`);
    }
    if (isLockStale(lock)) removeStaleLock();
    else if (!hasSaid) {
      hasSaid = true;
      say('Another command is installing the packages here; waiting for it …');
    }
  }
}

function isLockStale(file) {
  try {
    const pids = readFileSync(file, 'utf8').split(' ').map(Number);
    return pids[0] > 0 && !pids.some(isAlive); // empty: just made, and about to be filled
  } catch {
    return false; // gone by now
  }
}

/** By renaming, because two may find it stale: what the second one takes away can be the first one's new lock, and is put back. */
function removeStaleLock() {
  const aside = `${lock}.${process.pid}`;
  try {
    renameSync(lock, aside);
    if (!isLockStale(aside)) linkSync(aside, lock);
  } catch {
    // the other one was faster
  }
  rmSync(aside, { force: true });
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    // In a container nobody may collect the dead: they keep their pid.
    return !existsSync('/proc/self/stat') || !/\) Z/.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch (error) {
    return error.code === 'EPERM';
  }
}

function isNodeNewEnough() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  return major > minNode[0] || (major === minNode[0] && minor >= minNode[1]);
}

/** On Linux the right Node comes as a package. */
async function startAgain() {
  const platform = `${process.platform}-${process.arch}`;
  const node = join(root, 'node_modules', `node-${platform}`, 'bin/node');
  if (!existsSync(node)) {
    fail(
      `This needs Node ${minNode.join('.')} or newer, and here is ${process.versions.node}: install Node 24 (none is packaged for ${platform}).`,
    );
  }
  process.exit(await run([node, self, ...process.argv.slice(2)]));
}

/** In this process, so that signals and the exit code need no passing on. */
async function runCommand([command, ...rest]) {
  await import(pathToFileURL(join(root, 'sources.mjs')).href);
  const entries = { test: 'test/check.ts', bench: 'test/bench/main.ts', cashgraph: 'src/cli/main.ts' };
  const entry = join(root, entries[command] ?? entries.cashgraph);
  const args = Object.hasOwn(entries, command) ? rest : [command, ...rest];
  process.argv.splice(1, Number.POSITIVE_INFINITY, entry, ...args);
  await import(pathToFileURL(entry).href);
}

/** Runs a child on our terminal, hands signals on to it, and resolves with its exit code. */
function run([program, ...args], { stdio = 'inherit', cwd = process.cwd(), onStart = () => {} } = {}) {
  return new Promise((resolve) => {
    const child = spawn(program, args, { stdio, cwd });
    const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
    const handOn = (signal) => child.kill(signal);
    for (const signal of signals) process.on(signal, handOn);
    child.on('spawn', () => onStart(child));
    child.on('error', (error) => fail(`${program} does not start: ${error.message}`));
    child.on('exit', (code, signal) => {
      for (const each of signals) process.off(each, handOn); // the command that comes next has its own way with them
      resolve(code ?? 128 + constants.signals[signal]);
    });
  });
}

function say(text) {
  process.stderr.write(`${text}\n`);
}

function fail(text) {
  say(text);
  process.exit(1);
}
