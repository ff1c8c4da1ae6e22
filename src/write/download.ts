/** Documents that can be downloaded: a module says which and what stands on them, the transport draws and sends them. */
import type { PrintedDocument } from '../print/page.ts';
import type { GraphContext } from './context.ts';

export interface Download {
  /** What the file is called, without an ending. */
  readonly name: string;
  /** To be drawn; or a PDF as somebody else printed it. */
  readonly content: PrintedDocument | Uint8Array;
}

export interface DownloadKind {
  /** The folder in the address. */
  readonly folder: string;
  /** The prefix of the ids. */
  readonly prefix: string;
  /** Null for what doesn't exist or the reader may not see. @throws DomainError for what can't be printed yet */
  load(context: GraphContext, id: string): Promise<Download | null>;
}

/** Where documents are on the server: `/documents/<folder>/<public id>.pdf`. */
export const DOWNLOADS = '/documents/';
