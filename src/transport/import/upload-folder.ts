/** The folder of uploads: a file under its own name is whole; one that ends with `.part` is still coming. */
import { type FileHandle, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { DomainError } from '../../kernel/errors.ts';
import { type Sql, sql } from '../../read/sql.ts';
import { makeFolder } from '../data-folder.ts';

export const wholePath = (folder: string, id: string): string => join(folder, id);
export const partPath = (folder: string, id: string): string => join(folder, `${id}.part`);

/** @throws DomainError NOT_CONFIGURED where it is not on this machine */
export async function requireWhole(folder: string, id: string): Promise<void> {
  await stat(wholePath(folder, id)).catch((cause: unknown) => {
    const sentence = 'The file is not where the worker looks for it: UPLOADS_DIR has to be a folder that all processes share.';
    throw new DomainError('NOT_CONFIGURED', sentence, { cause });
  });
}

/** How much of it is here. */
export async function partBytes(folder: string, id: string): Promise<number> {
  return stat(partPath(folder, id)).then(
    ({ size }) => size,
    () => 0,
  );
}

/** No room: on the disk, or for this user. */
const FULL: ReadonlySet<string | undefined> = new Set(['ENOSPC', 'EDQUOT', 'EFBIG']);

interface Part {
  readonly folder: string;
  readonly id: string;
  /** What is here beyond it is overwritten. */
  readonly from: number;
  readonly maxBytes: number;
}

/**
 * Writes what comes behind what is here; what came of it stays when the rest doesn't.
 * @throws DomainError BODY_TOO_LARGE, STORAGE_FULL
 */
export async function writePart(chunks: AsyncIterable<Uint8Array>, { folder, id, from, maxBytes }: Part): Promise<number> {
  const path = partPath(folder, id);
  makeFolder(dirname(path), 0o700);
  const handle: FileHandle = await open(path, from === 0 ? 'w' : 'r+', 0o600);
  let at = from;
  try {
    await handle.truncate(from);
    for await (const chunk of chunks) {
      if (at + chunk.byteLength > from + maxBytes)
        throw new DomainError('BODY_TOO_LARGE', `More comes than the ${maxBytes} bytes that were announced.`, {
          details: { maxBytes },
        });
      for (let done = 0; done < chunk.byteLength; )
        done += (await handle.write(chunk, done, chunk.byteLength - done, at + done)).bytesWritten;
      at += chunk.byteLength;
    }
    await handle.sync();
  } catch (cause) {
    if (!FULL.has((cause as NodeJS.ErrnoException).code)) throw cause;
    throw new DomainError('STORAGE_FULL', 'The server has no room left for the file.', { cause });
  } finally {
    await handle.close();
  }
  return at;
}

export async function keepWhole(folder: string, id: string): Promise<void> {
  await rename(partPath(folder, id), wholePath(folder, id));
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

export const dropPart = (folder: string, id: string): Promise<void> => rm(partPath(folder, id), { force: true });

const OURS = /^([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})(?:\.part)?$/;
const AT_ONCE = 1_000;

/** Removes files of uploads whose time is over; whatever else is in the folder is left alone. */
export async function sweepUploads(folder: string, rows: <T>(source: Sql) => Promise<readonly T[]>): Promise<void> {
  const files = (await readdir(folder).catch(() => [])).flatMap((name) => {
    const id = OURS.exec(name)?.[1];
    return id === undefined ? [] : [{ name, id }];
  });
  for (let at = 0; at < files.length; at += AT_ONCE) {
    const some = files.slice(at, at + AT_ONCE);
    const found = await rows<{ id: string }>(
      sql`select id from upload where id = any(${sql.uuids(some.map(({ id }) => id))}) and lifecycle <> 'DELETED'`,
    );
    const kept = new Set(found.map(({ id }) => id));
    for (const { name, id } of some) if (!kept.has(id)) await rm(join(folder, name), { force: true });
  }
}
