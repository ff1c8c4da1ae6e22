/** What the conformance kit needs beside the simulator's HTTP interface: a person's hand on its books, and a look into them. */
import type { KitTarget } from 'cashgraph/connector/testing';
import type { SetName } from './simulator/books.ts';
import { startSimulator } from './simulator/index.ts';

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
      make: async (stream) => books.makeOne(set(stream)).id,
      change: async (stream, id) =>
        books.change(set(stream), id, { note: `changed ${books.get(set(stream), id)?.version}` }) !== null,
      remove: async (stream, id) => books.remove(set(stream), id),
      countOurs: async (stream, ours) => books.all(set(stream)).filter(({ reference }) => reference === ours).length,
      references: async () => books.references(),
      mark: async (stream, id, text) => books.mark(set(stream), id, text),
      marked: async (stream, id) => (books.get(set(stream), id)?.['note'] as string | undefined) ?? null,
      closeBooks: async (through) => books.close(through),
      setNow: () => {},
      close: () => simulator.close(),
    };
  },
};
