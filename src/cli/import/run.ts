/** The import itself: rows become pages, pages are written, and what was refused is told. */
import { monotonicMs } from '../../kernel/clock.ts';
import { type Candidate, type Converted, createConverter, type ConvertOptions, type Refusal } from './convert.ts';
import type { SourceFile } from './file.ts';
import { type RefusalLog, showProgress, type Summary } from './report.ts';
import type { PageWriter } from './write.ts';

const PAGE = 1_000;

export interface ImportRun extends ConvertOptions {
  readonly source: SourceFile;
  readonly writer: PageWriter;
  readonly log: RefusalLog;
  readonly signal: AbortSignal;
}

/** Stops between two pages when the signal comes; what was written by then stays, and a second run goes on from there. */
export async function importRows({ source, writer, log, signal, ...options }: ImportRun): Promise<Summary> {
  const startMs = monotonicMs();
  const counts = { read: 0, new: 0, unchanged: 0, refused: 0, customersChanged: 0 };
  const progress = showProgress(source.lines);
  const convert = createConverter(options);
  const flush = async (page: readonly Converted[]): Promise<void> => {
    const ready = page.flatMap(({ candidate }): Candidate[] => (candidate ? [candidate] : []));
    const written = await writer.write(ready);
    const refusals: Refusal[] = [...page.flatMap((row) => row.refusals), ...written.refusals].sort((a, b) => a.line - b.line);
    counts.read += page.length;
    counts.new += written.isNew;
    counts.unchanged += written.unchanged;
    counts.customersChanged += written.customersChanged;
    counts.refused += new Set(refusals.map(({ line }) => line)).size;
    await log.add(refusals);
    progress.at(counts.read);
  };
  try {
    let page: Converted[] = [];
    for await (const raw of source.rows()) {
      if (signal.aborted) break;
      if (page.push(convert(raw)) < PAGE) continue;
      await flush(page);
      page = [];
    }
    if (page.length > 0 && !signal.aborted) await flush(page);
  } finally {
    progress.stop();
  }
  const seconds = (monotonicMs() - startMs) / 1_000;
  return {
    ...counts,
    seconds: Math.round(seconds * 10) / 10,
    rowsPerSecond: Math.round(counts.read / Math.max(seconds, 0.001)),
    peakMemoryMb: Math.round(process.resourceUsage().maxRSS / 1_024),
  };
}
