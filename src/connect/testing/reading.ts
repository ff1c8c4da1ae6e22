/** Reading: everything once, from every cursor, whatever happens to the books meanwhile. */
import { contentOf, type KitCheck, must, mustBeTheSame } from './check.ts';
import { readAll } from './paging.ts';
import { eachStream, isGone, lastCursor, later, mustSee, present } from './scene.ts';

const SMALL = 7;

export const readingChecks: readonly KitCheck[] = [
  {
    name: 'full read',
    area: 'reading',
    promise: 'A full read has every record once, also in small pages.',
    run: (harness) =>
      eachStream(harness, async (stream) => {
        const wanted = await harness.erp.ids(stream);
        const whole = await harness.readAll(stream, { mode: 'FULL' });
        mustBeTheSame(present(whole.records), wanted, `${stream}, read at once`);
        const small = await harness.readAll(stream, { mode: 'FULL', pageMaxCount: SMALL });
        mustBeTheSame(present(small.records), wanted, `${stream}, in pages of ${SMALL}`);
        must(
          small.pages.every((page) => page.length <= SMALL),
          `${stream}: a page has more records than were asked for.`,
        );
      }),
  },
  {
    name: 'companies served',
    area: 'reading',
    promise: 'Only what belongs to the companies that a connection serves comes, and each document says to which one.',
    without: ({ context }) => (context.legalEntities.length > 1 ? null : 'Its ERP has one company, or it serves one.'),
    run: (harness) =>
      eachStream(harness, async (stream) => {
        const all: string[] = [];
        for (const company of harness.context.legalEntities) {
          const context = { ...harness.context, legalEntities: [company] };
          const { records } = await readAll(harness.stream(stream), context, { mode: 'FULL' });
          for (const record of records.values()) {
            const made = harness.assemble(stream, record);
            const { legalEntity = null } = made.ok ? (made.document as { readonly legalEntity?: string }) : {};
            const isShared = made.ok && (harness.stream(stream).kind === 'Terms' || harness.stream(stream).kind === 'Product');
            must(
              !made.ok || isShared || legalEntity === company,
              `${stream}: ${record.externalId} came for ${company}, and says that it is of ${legalEntity ?? 'none'}.`,
            );
          }
          all.push(...present(records));
        }
        mustBeTheSame(all, await harness.erp.ids(stream), `${stream}, company by company`);
      }),
  },
  {
    name: 'every cursor',
    area: 'reading',
    promise: 'A full read that goes on from any of its cursors has all that was not read yet.',
    run: (harness) =>
      eachStream(harness, async (stream) => {
        const { cursors, pages } = await harness.readAll(stream, { mode: 'FULL', pageMaxCount: SMALL });
        const every = cursors.length > 12 ? Math.ceil(cursors.length / 12) : 1;
        for (let i = 0; i < cursors.length - 1; i += every) {
          const rest = await harness.readAll(stream, { mode: 'FULL', cursor: cursors[i] ?? null, pageMaxCount: SMALL });
          const before = new Set(
            pages
              .slice(0, i + 1)
              .flat()
              .map((r) => r.externalId),
          );
          const all = new Set([...before, ...rest.records.keys()]);
          mustBeTheSame(
            all,
            pages.flat().map((r) => r.externalId),
            `${stream}, gone on after page ${i + 1}`,
          );
        }
      }),
  },
  {
    name: 'equal times',
    area: 'reading',
    promise: 'Records that changed in one instant are all read, though a page has room for some of them only.',
    run: (harness) =>
      eachStream(harness, async (stream) => {
        const cursor = await lastCursor(harness, stream);
        later(harness, 30);
        const ids = (await harness.erp.ids(stream)).slice(0, SMALL * 3);
        const changed: string[] = [];
        for (const id of ids) if (await harness.erp.change(stream, id)) changed.push(id);
        const { records } = await harness.readAll(stream, { mode: 'INCREMENTAL', cursor, pageMaxCount: 4 });
        const missing = changed.filter((id) => !records.has(id));
        must(
          missing.length === 0,
          `${stream}: ${missing.length} of ${changed.length} records that changed in one instant did not come.`,
        );
      }),
  },
  {
    name: 'edited while paging',
    area: 'reading',
    promise: 'Records that are made and changed between two pages are there at the latest after the next incremental read.',
    run: (harness) =>
      eachStream(harness, async (stream) => {
        const touched: string[] = [];
        const full = await harness.readAll(stream, {
          mode: 'FULL',
          pageMaxCount: SMALL,
          isPatient: true,
          async between(page) {
            if (page > 3) return;
            later(harness, 1);
            const made = await harness.erp.make(stream);
            const ids = await harness.erp.ids(stream);
            const some = ids[(page * 5) % Math.max(ids.length, 1)];
            if (made !== null) touched.push(made);
            if (some !== undefined && (await harness.erp.change(stream, some))) touched.push(some);
          },
        });
        const next = await harness.readAll(stream, { mode: 'INCREMENTAL', cursor: full.cursors.at(-1) ?? null });
        const all = new Map([...full.records, ...next.records]);
        mustBeTheSame(present(all), await harness.erp.ids(stream), `${stream}, edited while it was read`);
        for (const id of touched) {
          const [now] = await harness.stream(stream).get(harness.context, [id]);
          must(
            now !== undefined && contentOf(now.raw) === contentOf(all.get(id)?.raw),
            `${stream}: ${id} is not as it is there now.`,
          );
        }
      }),
  },
  {
    name: 'incremental read',
    area: 'reading',
    promise: 'What is made, changed and removed comes with the next incremental read, also when the day changes there or in UTC.',
    run: (harness) =>
      eachStream(harness, async (stream) => {
        for (const hours of [1, 7, 12, 23]) {
          const cursor = await lastCursor(harness, stream);
          later(harness, hours * 60);
          const made = await harness.erp.make(stream);
          if (made !== null) await mustSee(harness, stream, { cursor, id: made, what: 'a new record' });
          const [some] = await harness.erp.ids(stream);
          if (some !== undefined && (await harness.erp.change(stream, some)))
            await mustSee(harness, stream, { cursor, id: some, what: 'the changed record' });
        }
      }),
  },
  {
    name: 'removed',
    area: 'reading',
    promise: 'What is taken back or deleted there comes as gone or as void.',
    run: (harness) =>
      eachStream(harness, async (stream) => {
        const made = await harness.erp.make(stream);
        if (made === null) return;
        const cursor = await lastCursor(harness, stream);
        later(harness, 20);
        if (!(await harness.erp.remove(stream, made))) return;
        if (harness.stream(stream).needsKeyComparison) {
          const left = (await harness.readAll(stream, { mode: 'FULL' })).records.get(made);
          must(
            left === undefined || isGone(harness, stream, left),
            `${stream}: the removed record ${made} comes with a full read as if nothing had happened.`,
          );
          return;
        }
        const record = await mustSee(harness, stream, { cursor, id: made, what: 'the removed record' });
        must(isGone(harness, stream, record), `${stream}: the removed record ${made} comes as if nothing had happened.`);
      }),
  },
  {
    name: 'repeated page',
    area: 'reading',
    promise: 'A page that is read again has the same records, which become the same documents.',
    run: (harness) =>
      eachStream(harness, async (stream) => {
        const once = await harness.readAll(stream, { mode: 'FULL' });
        const again = await harness.readAll(stream, { mode: 'FULL' });
        for (const [id, record] of once.records) {
          const first = harness.assemble(stream, record);
          const second = harness.assemble(stream, again.records.get(id) ?? record);
          must(contentOf(first) === contentOf(second), `${stream}: ${id} becomes another document when it is read again.`);
        }
      }),
  },
  {
    name: 'by id',
    area: 'reading',
    promise: 'Records are found by their ids as the stream has them; ids that never were are left out.',
    run: (harness) =>
      eachStream(harness, async (stream) => {
        const ids = (await harness.erp.ids(stream)).slice(0, 40);
        const found = await harness.stream(stream).get(harness.context, [...ids, '999999999']);
        mustBeTheSame(
          found.filter((r) => !r.isDeleted).map((r) => r.externalId),
          ids,
          `${stream}, by id`,
        );
      }),
  },
  {
    name: 'documents',
    area: 'reading',
    promise: 'Every record becomes a document whose net and tax make its total, or is refused with the field that is wrong.',
    run: (harness) =>
      eachStream(harness, async (stream) => {
        const { records } = await harness.readAll(stream, { mode: 'FULL' });
        for (const record of records.values()) {
          if (record.isDeleted) continue;
          const made = harness.assemble(stream, record);
          if (!made.ok) {
            must(made.reason === 'NOT_OURS', `${stream}: ${record.externalId} did not become a document. ${made.text}`);
            continue;
          }
          const { net, tax, total } = made.document as { net?: string; tax?: string; total?: string };
          if (net !== undefined && tax !== undefined && total !== undefined)
            must(sumsUp(net, tax, total), `${stream}: ${record.externalId} has net ${net} and tax ${tax}, but ${total} in all.`);
        }
      }),
  },
  {
    name: 'unknown and missing fields',
    area: 'reading',
    promise: 'Fields that appear do no harm; one that vanishes is done without, or named.',
    run: (harness) =>
      eachStream(harness, async (stream) => {
        const { records } = await harness.readAll(stream, { mode: 'FULL' });
        const some = [...records.values()].filter((r) => !r.isDeleted).slice(0, 5);
        for (const record of some) {
          const more = harness.assemble(stream, { ...record, raw: { ...record.raw, SomethingNew: { a: [1, 'b'] }, _x: null } });
          const before = harness.assemble(stream, record);
          must(more.ok === before.ok, `${stream}: a new field makes ${record.externalId} another record.`);
          for (const field of Object.keys(record.raw)) {
            const { [field]: _, ...less } = record.raw;
            const made = harness.assemble(stream, { ...record, raw: less });
            must(
              made.ok || made.reason === 'MAPPING' || made.reason === 'NOT_OURS',
              `${stream}: without ${field} a record is not refused with the field, but: ${made.ok ? '' : made.text}`,
            );
          }
        }
      }),
  },
];

function sumsUp(net: string, tax: string, total: string): boolean {
  const scaled = (text: string) => {
    const [whole = '0', fraction = ''] = text.replace('-', '').split('.');
    const value = BigInt(whole + fraction.padEnd(12, '0').slice(0, 12));
    return text.startsWith('-') ? -value : value;
  };
  return scaled(net) + scaled(tax) === scaled(total);
}
