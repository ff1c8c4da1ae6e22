/** The rows of a file in pages, converted: a page is what is written at once. */
import { type Candidate, type Converted, createConverter, type ConvertOptions, type Refusal } from './convert.ts';
import type { SourceFile } from './file.ts';

export interface PageOptions extends ConvertOptions {
  /** Of rows. */
  readonly pageMaxCount: number;
}

export async function* pagesOf(
  source: Pick<SourceFile, 'rows'>,
  { pageMaxCount, ...options }: PageOptions,
): AsyncIterable<readonly Converted[]> {
  const convert = createConverter(options);
  let page: Converted[] = [];
  for await (const raw of source.rows()) {
    if (page.push(convert(raw)) < pageMaxCount) continue;
    yield page;
    page = [];
  }
  if (page.length > 0) yield page;
}

export const candidatesOf = (page: readonly Converted[]): Candidate[] =>
  page.flatMap(({ candidate }) => (candidate ? [candidate] : []));

/** Those of the rows and those that the commands gave, in the order of the lines. */
export const refusalsOf = (page: readonly Converted[], ofCommands: readonly Refusal[]): readonly Refusal[] =>
  [...page.flatMap((row) => row.refusals), ...ofCommands].sort((a, b) => a.line - b.line);

export const refusedLines = (refusals: readonly Refusal[]): number => new Set(refusals.map(({ line }) => line)).size;
