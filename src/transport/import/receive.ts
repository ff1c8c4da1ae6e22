/**
 * Takes the file of an upload, whole or in parts one after another. When the last byte is here the file is looked over once: one that
 * isn't text with rows is refused and let go of, so that it can be sent again.
 */
import { DomainError } from '../../kernel/errors.ts';
import { publicId } from '../../kernel/ids.ts';
import { holdLease } from '../../outbox/lease.ts';
import { sql } from '../../read/sql.ts';
import { openSource, type SourceFile } from '../import-file/file.ts';
import { Unfit } from '../import-file/unfit.ts';
import type { ImportEngines } from './engines.ts';
import type { UploadRow } from './import.rules.ts';
import { receiveUpload } from './run.commands.ts';
import { starterIsHere } from './starter.ts';
import { dropPart, keepWhole, partBytes, partPath, writePart } from './upload-folder.ts';

export interface AwaitedUpload
  extends Pick<UploadRow, 'tenantId' | 'id' | 'startedById' | 'format' | 'fileName' | 'lifecycle' | 'sha256'> {
  readonly sizeBytes: number;
}

/** From one byte up to, and not with, another. */
export interface Extent {
  readonly from: number;
  readonly to: number;
}

export interface Received {
  readonly id: string;
  readonly receivedBytes: number;
  readonly sizeBytes: number;
  /** Null until it is here whole. */
  readonly sha256: string | null;
}

export interface UploadDesk {
  find(id: string): Promise<AwaitedUpload | null>;
  receivedBytes(upload: AwaitedUpload): Promise<number>;
  /** @throws DomainError WRONG_STATE, INVALID_INPUT, BODY_TOO_LARGE, CONFLICT_RETRY while another request sends it */
  receive(upload: AwaitedUpload, extent: Extent, chunks: AsyncIterable<Uint8Array>): Promise<Received>;
}

export function createUploadDesk(engines: ImportEngines): UploadDesk {
  const { folder, systemRows, pool, limits, onError } = engines;
  const receivedBytes = async ({ id, sizeBytes, lifecycle }: AwaitedUpload) =>
    lifecycle === 'RECEIVED' ? sizeBytes : partBytes(folder, id);
  return {
    receivedBytes,
    async find(id) {
      const [upload] = await systemRows<AwaitedUpload>(sql`
        select tenant_id as "tenantId", id, started_by_id as "startedById", format, file_name as "fileName", lifecycle, sha256,
          size_bytes::float8 as "sizeBytes" from upload u where id = ${id} and ${starterIsHere('u')}`);
      return upload ?? null;
    },
    async receive(upload, extent, chunks) {
      const { id, sizeBytes, lifecycle } = upload;
      if (lifecycle !== 'WAITING') throw new DomainError('WRONG_STATE', 'The file is here already, or its time is over.');
      // whichever server it goes to: two that write at once would leave a file that nobody sent
      const lease = { pool, onError, name: `upload:${id}`, owner: 'upload', ttlMs: limits.leaseTtlMs };
      const received = await holdLease(lease, async ({ lease: held, signal }) => {
        requireNext(extent, { sizeBytes, here: await receivedBytes(upload) });
        const maxBytes = extent.to - extent.from;
        const at = await writePart(untilLost(chunks, signal), { folder, id, from: extent.from, maxBytes });
        if (at < extent.to)
          throw new DomainError(
            'BAD_REQUEST',
            `The body ended after ${at - extent.from} of ${maxBytes} bytes: go on from byte ${at}.`,
          );
        await held.renew();
        const sha256 = at === sizeBytes ? await whole(engines, upload) : null;
        return { id: publicId('upl', id), receivedBytes: at, sizeBytes, sha256 };
      });
      if (received) return received;
      throw new DomainError('CONFLICT_RETRY', 'Another request is sending this file. Try again when it has ended.');
    },
  };
}

/** Ends when another request has the upload: one that was stopped for long writes nothing more. */
async function* untilLost(chunks: AsyncIterable<Uint8Array>, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  for await (const chunk of chunks) {
    if (signal.aborted) return;
    yield chunk;
  }
}

/** @throws BAD_REQUEST that says where to go on */
function requireNext({ from, to }: Extent, { sizeBytes, here }: { readonly sizeBytes: number; readonly here: number }): void {
  if (to <= from || to > sizeBytes)
    throw new DomainError('BAD_REQUEST', `The file was announced with ${sizeBytes} bytes: send those, or a part of them.`);
  if (from > here) throw new DomainError('BAD_REQUEST', `Of the file ${here} bytes are here: go on from byte ${here}.`);
}

async function whole(engines: ImportEngines, upload: AwaitedUpload): Promise<string> {
  const { folder, write, systemPrincipal } = engines;
  const { id, tenantId } = upload;
  const source = await fit(folder, upload);
  await keepWhole(folder, id);
  const { sha256, columns, lines: lineCount } = source;
  const principal = await systemPrincipal(tenantId);
  const input = { id: publicId('upl', id), sha256, columns, lineCount };
  const outcome = await write.run(receiveUpload, input, { principal, requestId: 'upload' });
  if (!outcome.ok) throw new DomainError('WRONG_STATE', outcome.problems.map(({ message }) => message).join(' '));
  return sha256;
}

/** @throws INVALID_INPUT; then nothing of it is left */
async function fit(folder: string, { id, fileName, format }: AwaitedUpload): Promise<SourceFile> {
  try {
    return await openSource({ path: partPath(folder, id), name: fileName, format });
  } catch (error) {
    if (!(error instanceof Unfit)) throw error;
    await dropPart(folder, id);
    throw new DomainError('INVALID_INPUT', error.message, { path: ['file'] });
  }
}
