/**
 * What an aggregate costs. It reads every row that fits, however few groups are shown, and nobody knows before how many those are:
 * so it costs two pages of rows outright, and what takes too long is ended by the statement's time limit.
 */

/** Of a root list: every row that the reader may see. */
export const AGGREGATE_COST = 200;
/** Of the rows of one parent, which are few and found by an index: as counting them. */
export const NESTED_AGGREGATE_COST = 20;
