/**
 * The files of a connection: regular files directly in its folder, below the operator's root. Links that lead out of the root are
 * refused, whatever they are called; a file is opened once and read by that handle.
 */
import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { type FileHandle, open, realpath, stat } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { ExternalError } from '../../src/connect/index.ts';

const FORMATS = ['csv', 'jsonl'] as const;

const FILE_MAX_BYTES = 2_000_000_000;

export interface OpenFile {
  readonly handle: FileHandle;
  readonly name: string;
  readonly format: (typeof FORMATS)[number];
}

const refused = (words: string) => new ExternalError(words, { kind: 'REJECTED', words });

/** @throws ExternalError where the operator has set no root, or there is no such folder below it */
export async function folderOf(root: string | null, folder: string): Promise<string> {
  if (root === null)
    throw refused('Files are read only below CASHGRAPH_FILES_ROOT, which the operator of this server has not set.');
  const [base, wanted] = await Promise.all([real(root), real(join(root, folder))]);
  if (base === null || wanted === null) throw refused(`There is no folder ${folder} below the root of files.`);
  if (!isWithin(base, wanted)) throw refused(`${folder} leads out of the root of files.`);
  if (!(await stat(wanted)).isDirectory()) throw refused(`${folder} is no folder.`);
  return wanted;
}

const real = (path: string): Promise<string | null> => realpath(path).catch(() => null);
const isWithin = (base: string, path: string): boolean =>
  path === base || path.startsWith(base.endsWith(sep) ? base : base + sep);

/** Null where the folder has no such file, or only an empty one, as there is before an export begins. @throws ExternalError for two of them, for a link, or for what is no file */
export async function openFile(folder: string, name: string): Promise<OpenFile | null> {
  const found: OpenFile[] = [];
  for (const format of FORMATS) {
    const file = `${name}.${format}`;
    // a link could be turned elsewhere between a check and the reading; a pipe would be waited for
    const handle = await open(join(folder, file), constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK).catch(
      (error: unknown) => {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
        throw refused(`${file} can't be opened: it must be a plain file that this server may read.`);
      },
    );
    if (handle) found.push({ handle, name: file, format });
  }
  const [first, second] = found;
  if (second) {
    await Promise.all(found.map(({ handle }) => handle.close()));
    throw refused(`The folder has ${first?.name} and ${second.name}: leave one of them out.`);
  }
  if (!first) return null;
  const { size } = await first.handle.stat().then((one) => (one.isFile() ? one : { size: Number.POSITIVE_INFINITY }));
  if (size > 0 && size <= FILE_MAX_BYTES) return first;
  await first.handle.close();
  if (size === 0) return null;
  throw refused(`${first.name} is no file of at most ${FILE_MAX_BYTES} bytes.`);
}

/** Of its content: what tells one file from the next. */
export async function hashOf({ handle }: OpenFile): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of handle.createReadStream({ start: 0, autoClose: false })) hash.update(chunk as Buffer);
  return hash.digest('hex');
}
