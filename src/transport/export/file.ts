/** The file of one run of an export: written under a name that nobody asks for, and renamed once it is whole and on the disk. */
import { createHash } from 'node:crypto';
import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { DomainError } from '../../kernel/errors.ts';
import { makeFolder } from '../data-folder.ts';

const BUFFER_BYTES = 262_144;
/** No room: on the disk, or for this user. */
const FULL: ReadonlySet<string | undefined> = new Set(['ENOSPC', 'EDQUOT', 'EFBIG']);

export interface Written {
  readonly byteCount: bigint;
  readonly sha256: string;
}

export class ExportFile {
  private readonly buffer = Buffer.allocUnsafeSlow(BUFFER_BYTES);
  private waitingBytes = 0;
  private bytes = 0;
  private readonly hash = createHash('sha256');
  private readonly draft: string;

  private constructor(
    private readonly path: string,
    private readonly maxBytes: number,
    private readonly handle: FileHandle,
  ) {
    this.draft = draftOf(path);
  }

  /** @throws DomainError STORAGE_FULL */
  static async create(path: string, maxBytes: number): Promise<ExportFile> {
    return told(async () => {
      makeFolder(dirname(path), 0o700);
      return new ExportFile(path, maxBytes, await open(draftOf(path), 'w', 0o600));
    });
  }

  get byteCount(): number {
    return this.bytes;
  }

  /** The part may be overwritten afterwards. @throws DomainError EXPORT_TOO_LARGE, STORAGE_FULL */
  async write(part: string | Uint8Array): Promise<void> {
    const bytes = typeof part === 'string' ? Buffer.from(part) : part;
    this.bytes += bytes.byteLength;
    if (this.bytes > this.maxBytes) {
      throw new DomainError('EXPORT_TOO_LARGE', `The file would be larger than ${this.maxBytes} bytes: export less at once.`);
    }
    for (let at = 0; at < bytes.byteLength; ) {
      const piece = bytes.subarray(at, at + BUFFER_BYTES - this.waitingBytes);
      this.buffer.set(piece, this.waitingBytes);
      this.waitingBytes += piece.byteLength;
      at += piece.byteLength;
      if (this.waitingBytes === BUFFER_BYTES) await this.flush();
    }
  }

  /** Ends it: from here on it is there under its own name. @throws DomainError STORAGE_FULL */
  async finish(): Promise<Written> {
    await this.flush();
    await told(() => this.handle.sync());
    await this.handle.close();
    await rename(this.draft, this.path);
    const folder = await open(dirname(this.path), 'r');
    try {
      await folder.sync();
    } finally {
      await folder.close();
    }
    return { byteCount: BigInt(this.bytes), sha256: this.hash.digest('hex') };
  }

  /** Nothing is left of it, whole or not. */
  async discard(): Promise<void> {
    await this.handle.close().catch(() => {});
    await Promise.all([this.draft, this.path].map((path) => rm(path, { force: true })));
  }

  private async flush(): Promise<void> {
    const waiting = this.buffer.subarray(0, this.waitingBytes);
    this.hash.update(waiting);
    await told(async () => {
      for (let at = 0; at < waiting.byteLength; ) at += (await this.handle.write(waiting, at)).bytesWritten;
    });
    this.waitingBytes = 0;
  }
}

const draftOf = (path: string): string => `${path}.part`;

async function told<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    if (!FULL.has((cause as NodeJS.ErrnoException).code)) throw cause;
    throw new DomainError('STORAGE_FULL', 'The server has no room left for the file of an export.', { cause });
  }
}
