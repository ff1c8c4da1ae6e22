/**
 * The folder of a development server and the keys in it. Nothing here may wait for ever: Node's own recursive `mkdir` does, on file
 * systems that take no folders (/proc).
 */
import { mkdirSync, statSync } from 'node:fs';
import { link, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Makes a folder and those above it that are missing. */
export function makeFolder(folder: string, mode = 0o777): void {
  try {
    mkdirSync(folder, { mode });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST' && statSync(folder).isDirectory()) return;
    if (code !== 'ENOENT' || dirname(folder) === folder) throw error;
    makeFolder(dirname(folder), mode);
    makeLast(folder, mode);
  }
}

function makeLast(folder: string, mode: number): void {
  try {
    mkdirSync(folder, { mode });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error; // another process was first
  }
}

let wholes = 0;

/** The text of a file that only its owner may read; made when it is missing. */
export async function ownFile(path: string, make: () => string | Promise<string>): Promise<string> {
  const before = await textOf(path);
  if (before !== null) return before;
  makeFolder(dirname(path), 0o700);
  const whole = `${path}.${process.pid}.${(wholes += 1)}`;
  await writeFile(whole, await make(), { mode: 0o600 });
  try {
    // of processes that start at once the first one wins, and nobody ever sees half a file
    await link(whole, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    await rm(whole, { force: true });
  }
  return readFile(path, 'utf8');
}

async function textOf(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}
