// While a page is written the next one is decided on. What comes of it is what would come of one page after the other, also where pages
// build on each other, show a record twice, or can't be written at the first try.
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { type Connector, defineConnector, type SourceRecord } from '../../src/connect/index.ts';
import { syncStream } from '../../src/sync/inbound/run.ts';
import { withClient } from '../support/connection.ts';
import { LATER } from '../support/erp-world.ts';
import { bare, startWorld } from '../support/world.ts';

interface Row {
  readonly id: string;
  readonly name: string;
  readonly number?: string;
  readonly parent?: string;
}

let pages: readonly (readonly Row[])[] = [];

async function* read() {
  for (const [from, rows] of pages.entries()) {
    const records = rows.map((raw): SourceRecord => ({ externalId: raw.id, version: '1', updatedAt: null, raw: { ...raw } }));
    yield { records, cursor: { from } };
  }
}

const connector: Connector = defineConnector({
  name: 'paged',
  title: 'Paged',
  description: 'Pages as a test gives them.',
  config: z.strictObject({}),
  credentials: z.strictObject({}),
  baseUrls: () => ['http://127.0.0.1:9'],
  auth: () => ({ kind: 'NONE' }),
  rateLimit: () => ({ key: 'paged', requestsMaxCount: 1_000, perMs: 1_000, concurrentMaxCount: 10, pauseMs: 1_000 }),
  authority: { CustomerAccount: 'CONNECTION' },
  pushes: [],
  check: async () => ({ company: 'Paged', warnings: [] }),
  streams: [
    {
      name: 'customers',
      kind: 'Customer',
      description: 'Customers.',
      read,
      get: async () => [],
      assemble: ({ id: _, ...row }) => ({ document: { ...row, currency: 'EUR', isActive: true } as never }),
    },
  ],
});

const world = await startWorld({ connectors: [connector] });
const rows = <T>(text: string): Promise<readonly T[]> =>
  withClient(world.database.connection, async (client) => (await client.query(text)).rows as T[]);
await rows(LATER);
const admin = await world.as('admin');
const entity = { code: 'DE01', name: 'DE company', country: 'DE', functionalCurrency: 'EUR', timeZone: 'UTC' };
const { id: legalEntityId } = await admin.do('createLegalEntity', entity, 'legalEntity');
const connection = { code: 'paged', name: 'Paged', connector: 'paged', config: {}, credentials: {} };
await admin.do('createConnection', { ...connection, legalEntities: [{ legalEntityId }] }, 'connection');
const [stream] = await rows<{ id: string }>('select id from sync_stream');

const sync = (given: typeof pages) => {
  pages = given;
  const run = {
    tenantId: world.tenantId,
    streamId: bare(stream?.id ?? ''),
    mode: 'FULL',
    signal: new AbortController().signal,
  } as const;
  return syncStream(world.platform.sync, run);
};

const customers = (prefix: string, count: number, more: (n: number) => Partial<Row> = () => ({})): readonly Row[] =>
  Array.from({ length: count }, (_, n) => ({ id: `${prefix}${n}`, name: `Customer ${prefix}${n}`, ...more(n) }));

const made = (prefix: string) =>
  rows<{ name: string; number: string; parent: string | null }>(`
    select c.name, c.number, p.name as parent from customer c left join customer p on p.id = c.parent_id
    where c.name like 'Customer ${prefix}%' order by c.name`);

describe('pages that follow each other', () => {
  it('may name records of the page before, and ask for a number that it took', async () => {
    const result = await sync([
      customers('a', 20, (n) => ({ number: `A-${n}` })),
      customers('b', 20, (n) => ({ parent: `a${n}` })),
      customers('c', 20, (n) => ({ number: `A-${n}` })),
      customers('d', 20, (n) => ({ number: `D-${n}` })),
      customers('e', 20, (n) => ({ number: `D-${n}` })),
    ]);
    expect(result).toMatchObject({ state: 'DONE', pages: 5, read: 100, waiting: 0, refused: 0 });
    expect((await made('b')).map(({ parent }) => parent)).toEqual((await made('a')).map(({ name }) => name));
    const numbers = (await Promise.all(['a', 'c', 'd', 'e'].map(made))).flat().map(({ number }) => number);
    expect(new Set(numbers).size).toBe(80);
    expect(await rows(`select distinct state from erp_record`)).toEqual([{ state: 'SYNCED' }]);
  });

  it('may show a record twice: the last one counts, and it is one customer', async () => {
    await sync([customers('f', 10), customers('f', 10, (n) => ({ name: `Customer f${n} again` })), customers('g', 10)]);
    expect((await made('f')).map(({ name }) => name)).toEqual(Array.from({ length: 10 }, (_, n) => `Customer f${n} again`));
    expect(await made('g')).toHaveLength(10);
  });

  it('are in the books in their order, whichever of them can not be written at the first try', async () => {
    await rows(`create sequence tries; create table cursors (n bigint generated always as identity, at int);
      create function fail_once() returns trigger language plpgsql security definer as $$
      begin if new.name ~ ' h[0-9]_1$' and nextval('tries') % 2 = 1 then raise exception 'fails once' using errcode = '40001'; end if; return new; end $$;
      create trigger fail_once before insert on customer for each row execute function fail_once();
      create function note_cursor() returns trigger language plpgsql security definer as $$
      begin insert into cursors (at) select (new.full_cursor ->> 'from')::int where new.full_cursor is distinct from old.full_cursor and new.full_cursor is not null; return new; end $$;
      create trigger note_cursor before update on sync_stream for each row execute function note_cursor()`);
    const result = await sync(['h1', 'h2', 'h3', 'h4', 'h5', 'h6'].map((prefix) => customers(`${prefix}_`, 10)));
    expect(result).toMatchObject({ state: 'DONE', pages: 6, changed: 60, refused: 0 });
    expect(await made('h')).toHaveLength(60);
    expect((await rows<{ at: number }>('select at from cursors order by n')).map(({ at }) => at)).toEqual([0, 1, 2, 3, 4, 5]);
  });
});
