/** A number of a series that is asked for now and drawn when everything is decided: a value, until the runner fills it in. */

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
