/** The import itself: rows become pages, pages are written, and what was refused is told. */
import { monotonicMs } from '../../kernel/clock.ts';
import type { SourceFile } from '../../transport/import-file/file.ts';
import type { PageRequest, PageWriter } from '../../transport/import-file/page-writer.ts';
import { candidatesOf, type PageOptions, pagesOf, refusedLines, refusalsOf } from '../../transport/import-file/pages.ts';
import { type RefusalLog, showProgress, type Summary } from './report.ts';

export interface ImportRun extends PageOptions {
  readonly source: SourceFile;
  readonly writer: PageWriter;
  readonly request: PageRequest;
  readonly log: RefusalLog;
  readonly signal: AbortSignal;
}

/** Stops between two pages when the signal comes; what was written by then stays, and a second run goes on from there. */
export async function importRows({ source, writer, request, log, signal, ...options }: ImportRun): Promise<Summary> {
  const startMs = monotonicMs();
  const counts = { read: 0, new: 0, unchanged: 0, refused: 0, customersChanged: 0 };
  const progress = showProgress(source.lines);
  try {
    for await (const page of pagesOf(source, options)) {
      if (signal.aborted) break;
      const written = await writer.write(candidatesOf(page), request);
      const refusals = refusalsOf(page, written.refusals);
      counts.read += page.length;
      counts.new += written.isNew;
      counts.unchanged += written.unchanged;
      counts.customersChanged += written.customersChanged;
      counts.refused += refusedLines(refusals);
      await log.add(refusals);
      progress.at(counts.read);
    }
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
