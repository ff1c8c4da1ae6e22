/** What stands on a printed document, as plain values: what it says is decided elsewhere, how it is drawn in `pdf.ts`. */

/** Blocks from top to bottom, on as many pages as they need. */
export interface PrintedDocument {
  /** At the head of every page, and in the file's own properties. */
  readonly title: string;
  readonly author: string;
  /** Stands in the file as its date, so that the same document has the same bytes whenever it is drawn. */
  readonly madeAt: Date;
  readonly blocks: readonly Block[];
}

export type Block =
  | { readonly kind: 'heading'; readonly text: string }
  | { readonly kind: 'text'; readonly text: string }
  /** Groups of lines side by side: addresses. */
  | { readonly kind: 'groups'; readonly groups: readonly Group[] }
  | Table;

export interface Group {
  readonly title: string;
  readonly lines: readonly string[];
}

export interface Table {
  readonly kind: 'table';
  /** Repeated at the head of each page that the table goes on to. */
  readonly columns: readonly Column[];
  /** One text per column. */
  readonly rows: readonly (readonly string[])[];
  /** How many of the last rows are sums: drawn in bold. */
  readonly sums?: number;
}

export interface Column {
  readonly title: string;
  /** Its share of the width. */
  readonly share: number;
  readonly align: 'left' | 'right';
}
