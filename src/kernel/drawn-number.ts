/** A number of a series that is asked for now and drawn when everything is decided, and a hash over it: values, until the runner fills them in. */

/** A value that the runner draws last, in the writing transaction, so that a series has no gap. */
export interface DrawnNumber {
  readonly drawnFrom: string;
  /** The whole text with its prefix, or the bare number. */
  readonly as: 'TEXT' | 'NUMBER';
  /** Equal slots get the same number: the id of the document. */
  readonly slot: string;
  /** The document's date, where dates may not fall as numbers rise. */
  readonly on?: string;
}

/** The number of a document: `TEXT` with the series' prefix, `NUMBER` bare. @throws EFFECTIVE_DATE_INVALID when `on` is before the newest drawn */
export const drawn = (seriesId: string, { slot, on }: { slot: string; on?: string }, as: DrawnNumber['as']): DrawnNumber => ({
  drawnFrom: seriesId,
  slot,
  as,
  ...(on === undefined ? {} : { on }),
});

/** A hash over values of which one at least is a drawn number: made as soon as that is known. It stands beside such a number. */
export interface DrawnHash {
  readonly hashWhenDrawn: Readonly<Record<string, unknown>>;
}

/** The `hashOf` of these fields, their drawn numbers filled in. */
export const hashWhenDrawn = (fields: Readonly<Record<string, unknown>>): DrawnHash => ({ hashWhenDrawn: fields });
