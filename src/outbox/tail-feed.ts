/** What one tenant's followers read: its newest events from memory, older ones in pages from the log. Nothing is left out in silence. */
import type { Pool } from './connection.ts';
import type { LogMessage, SealedEvent } from './event.ts';
import type { EventFilter } from './event-filter.ts';
import { readAgain, readEvents, readFloor } from './event-read.ts';
import type { LogPage, LogPages } from './tail-pages.ts';
import type { TailWindow } from './tail-window.ts';

export interface Page {
  /** In order. Of the filter only types and kinds are applied here. */
  readonly messages: readonly LogMessage[];
  /** There is nothing more up to here. */
  readonly upTo: bigint;
}

export interface PageAsked {
  readonly after: bigint;
  readonly filter: EventFilter;
}

export interface Feed {
  /** What was sealed up to here is known: it was told to `onEvents`, or was there before. */
  readonly last: bigint;
  page(asked: PageAsked): Promise<Page>;
  stop(): void;
}

const PAGE = 1_000;

export interface FeedParts {
  readonly pool: Pool;
  readonly tenantId: string;
  readonly window: TailWindow;
  readonly pages: LogPages;
  readonly onError: (error: unknown) => void;
  /** Nobody is told anything any more. */
  readonly isOver: () => boolean;
}

export async function readPage(parts: FeedParts, { after, filter }: PageAsked): Promise<Page> {
  const { window, pages } = parts;
  const known = window.last;
  if (after >= window.start) return { messages: window.after(after).map(asMessage), upTo: max(after, known) };
  const asked = JSON.stringify([filter.types, filter.recordKinds]);
  const { events, upTo, floor } = await pages.after(after, asked, (from) => readLogPage(parts, filter, from));
  const begin = max(after, floor);
  const messages = events.filter(({ position }) => position > begin).map(asMessage);
  if (floor <= after) return { messages, upTo };
  return { messages: [{ event: null, gap: { from: after, to: floor, reason: 'PRUNED' } }, ...messages], upTo: max(upTo, floor) };
}

/** It is read for everybody, so nobody's leaving ends it. */
async function readLogPage(parts: FeedParts, filter: EventFilter, after: bigint): Promise<LogPage> {
  const { pool, tenantId, window } = parts;
  const known = window.last;
  const { types, recordKinds } = filter;
  const { events, floor } = await readAgain(async () => {
    const page = await readEvents(pool, { tenantId, after, limit: PAGE, types, recordKinds });
    // asked after the page: what was dropped meanwhile may be missing in it
    return { events: page, floor: await readFloor(pool, tenantId) };
  }, parts);
  const newest = events.at(-1)?.position ?? after;
  // a page that isn't full held all there was, at least up to what the window knew before it was read
  const upTo = events.length === PAGE ? newest : max(newest, known);
  return { events, upTo, floor };
}

const asMessage = (event: SealedEvent): LogMessage => ({ event, gap: null });

const max = (a: bigint, b: bigint): bigint => (a > b ? a : b);
