/** What the conformance kit needs beside the simulator's HTTP interface: a person's hand on its books, and a look into them. */
import type { KitBooked, KitTarget } from 'cashgraph/connector/testing';
import type { BookRecord, SetName } from './simulator/books.ts';
import { startSimulator } from './simulator/index.ts';

const textOf = (record: BookRecord, ...names: readonly string[]): string =>
  names.map((name) => record[name]).find((value) => typeof value === 'string') ?? '';

const booked = (record: BookRecord): KitBooked => ({
  id: record.id,
  day: textOf(record, 'date'),
  currency: textOf(record, 'currency'),
  rate: null,
  total: textOf(record, 'total', 'amount'),
  tax: typeof record['tax'] === 'string' ? record['tax'] : null,
  open: textOf(record, 'open', 'unapplied'),
});

export const kit: KitTarget = {
  async start(options) {
    const { books, access, ...simulator } = await startSimulator(options);
    const { clientId = '', clientSecret = '', webhookSecret = '' } = access;
    const set = (stream: string) => stream as SetName;
    return {
      simulator: { ...simulator, access },
      config: { baseUrl: simulator.url },
      credentials: { clientId, clientSecret, webhookSecret },
      ids: async (stream) => books.all(set(stream)).flatMap(({ id, removed }) => (removed === true ? [] : [id])),
      booked: async (stream) => (['invoices', 'payments'].includes(stream) ? books.all(set(stream)).map(booked) : []),
      make: async (stream) => books.makeOne(set(stream)).id,
      change: async (stream, id) =>
        books.change(set(stream), id, { note: `changed ${books.get(set(stream), id)?.version}` }) !== null,
      remove: async (stream, id) => books.remove(set(stream), id),
      countOurs: async (stream, ours) => books.all(set(stream)).filter(({ reference }) => reference === ours).length,
      // lines may be taxed there at any rate
      references: async () => ({ ...books.references(), taxes: [{ category: 'S', rate: '8' }, ...books.references().taxes] }),
      mark: async (stream, id, text) => books.mark(set(stream), id, text),
      marked: async (stream, id) => (books.get(set(stream), id)?.['note'] as string | undefined) ?? null,
      closeBooks: async (through) => books.close(through),
      setNow: () => {},
      close: () => simulator.close(),
    };
  },
};
