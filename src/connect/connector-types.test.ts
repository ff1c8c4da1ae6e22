// Wrong use of the SDK does not compile: each line that expects an error would fail the type check if it had none.
import { describe, expect, expectTypeOf, it } from 'vitest';
import { z } from 'zod';
import type { Canonical } from '../canonical/canonical.ts';
import { bool, codes, day, amount, amountNumber, id, text, whole } from './codecs.ts';
import type { Codec, Decoder } from './codec.ts';
import {
  type Connector,
  type ConnectorContext,
  defineConnector,
  type Push,
  type SourceRecord,
  type Stream,
} from './connector.ts';
import { defineMapping, listOf } from './mapping.ts';

const config = z.strictObject({ company: z.string() });
const credentials = z.strictObject({ key: z.string() });
type Config = z.output<typeof config>;

const terms: Stream<Config, 'Terms'> = {
  name: 'terms',
  kind: 'Terms',
  description: 'Terms of payment.',
  async *read() {},
  get: () => Promise.resolve([]),
  assemble: () => ({ document: { code: '30', name: '30 days', netDays: 30 } }),
};
const pushTerms: Push<Config, 'Terms'> = {
  kind: 'Terms',
  stream: 'terms',
  commands: ['CREATE'],
  find: () => Promise.resolve(null),
  send: ({ config: { company } }, { document }) => {
    expectTypeOf(document).toEqualTypeOf<Canonical<'Terms'>>();
    const record: SourceRecord = { externalId: company, version: null, updatedAt: null, raw: {} };
    return Promise.resolve({ record });
  },
};
const parts = {
  name: 'x',
  title: 'X',
  description: 'X.',
  config,
  credentials,
  baseUrls: () => ['https://x.example.com'],
  rateLimit: () => ({ key: 'x', requestsMaxCount: 1, perMs: 1, concurrentMaxCount: 1, pauseMs: 1 }),
  streams: [terms],
  pushes: [pushTerms],
  authority: {},
  check: () => Promise.resolve({ company: 'x', warnings: [] }),
} as const;

describe('a connector', () => {
  it('gets its settings as their schemas give them', () => {
    const made = defineConnector({
      ...parts,
      auth(settings, secrets) {
        expectTypeOf(settings).toEqualTypeOf<{ company: string }>();
        expectTypeOf(secrets).toEqualTypeOf<{ key: string }>();
        // @ts-expect-error: no such setting
        return { kind: 'HEADER', name: settings.realm ?? 'x', value: secrets.key };
      },
      check({ config: settings }: ConnectorContext<Config>) {
        expectTypeOf(settings.company).toBeString();
        return Promise.resolve({ company: settings.company, warnings: [] });
      },
    });
    expectTypeOf(made).toEqualTypeOf<Connector>();
    expect(made.name).toBe('x');
  });

  it('can not leave out, misspell or mix up its parts', () => {
    const auth = () => ({ kind: 'NONE' }) as const;
    // @ts-expect-error: without a way to sign in
    defineConnector({ ...parts });
    // @ts-expect-error: a way to sign in that there isn't
    defineConnector({ ...parts, auth: () => ({ kind: 'MAGIC' }) });
    // @ts-expect-error: client credentials without the address of the token
    defineConnector({ ...parts, auth: () => ({ kind: 'CLIENT_CREDENTIALS', clientId: 'c' }) });
    // @ts-expect-error: authority over a kind that there isn't
    defineConnector({ ...parts, auth, authority: { Receipt: 'CONNECTION' } });
    // @ts-expect-error: a stream of terms that calls itself products
    defineConnector({ ...parts, auth, streams: [{ ...terms, kind: 'Product' }], pushes: [] });
    // @ts-expect-error: a document that lacks what its kind must have
    const short: Stream<Config, 'Terms'> = { ...terms, assemble: () => ({ document: { code: '30', name: '30 days' } }) };
    const free = { code: '', name: '', netDays: 1, discountPercent: 2 };
    // @ts-expect-error: an amount that is a number
    const float: Stream<Config, 'Terms'> = { ...terms, assemble: () => ({ document: free }) };
    // @ts-expect-error: a command that there isn't
    const command: Push<Config, 'Terms'> = { ...pushTerms, commands: ['DELETE'] };
    // @ts-expect-error: what came of a push, without the record
    const silent: Push<Config, 'Terms'> = { ...pushTerms, send: () => Promise.resolve({}) };
    expect([short, float, command, silent]).toHaveLength(4);
  });
});

describe('a mapping', () => {
  const states = codes([
    ['Open', 'ISSUED'],
    ['Void', 'VOIDED'],
  ]);
  const header = defineMapping('Invoice', [
    { ours: 'customer', read: 'CustomerRef.value', write: 'CustomerRef.value', codec: id },
    { ours: 'total', read: 'TotalAmt', codec: amountNumber },
    { ours: 'state', read: 'Status', write: 'Status', codec: states },
    { ours: 'memo', write: 'PrivateNote', codec: text(4_000), cleared: '' },
  ]);
  const line = defineMapping('Invoice.lines', [
    { ours: 'description', read: 'Description', write: 'Description', codec: text() },
  ]);

  it('knows what it reads and what it writes', () => {
    expectTypeOf(header.read).returns.toEqualTypeOf<Pick<Canonical<'Invoice'>, 'customer' | 'total' | 'state'>>();
    expectTypeOf(header.write).parameter(0).toEqualTypeOf<Pick<Canonical<'Invoice'>, 'customer' | 'state' | 'memo'>>();
    expectTypeOf(states).toEqualTypeOf<Codec<'ISSUED' | 'VOIDED'>>();
    const read = () => header.read({});
    // @ts-expect-error: no row says where the lines are, so that is no invoice yet
    const invoice: () => Canonical<'Invoice'> = read;
    expect(invoice).toBe(read);
  });

  it('refuses fields, codecs and paths that do not fit', () => {
    // @ts-expect-error: no such field
    expect(() => defineMapping('Invoice', [{ ours: 'totalAmount', read: 'TotalAmt', codec: amount }])).toThrow('no field');
    // @ts-expect-error: no such kind
    const kind = () => defineMapping('Bill', [{ ours: 'total', read: 'TotalAmt', codec: amount }]);
    // @ts-expect-error: an amount is a text
    defineMapping('Invoice', [{ ours: 'total', read: 'TotalAmt', codec: whole }]);
    // @ts-expect-error: a code of theirs that leads to none of ours
    defineMapping('Invoice', [{ ours: 'state', read: 'Status', codec: codes([['P', 'PAID']]) }]);
    // @ts-expect-error: a list that can't write every state
    defineMapping('Invoice', [{ ours: 'state', read: 'Status', write: 'Status', codec: codes([['O', 'ISSUED']]) }]);
    // which is right as long as it is only read
    defineMapping('Invoice', [{ ours: 'state', read: 'Status', codec: codes([['O', 'ISSUED']]) }]);
    const readOnly: Decoder<string> = { decode: () => '' };
    // @ts-expect-error: what can only be decoded is not written
    defineMapping('Invoice', [{ ours: 'memo', read: 'Note', write: 'Note', codec: readOnly }]);
    // @ts-expect-error: neither read nor written
    defineMapping('Invoice', [{ ours: 'memo', codec: text() }]);
    // @ts-expect-error: a value for "missing" of another type
    defineMapping('Product', [{ ours: 'isActive', read: 'Active', codec: bool, otherwise: 'yes' }]);
    // @ts-expect-error: lines that lack most of what a line must have
    defineMapping('Invoice', [{ ours: 'lines', read: 'Line', write: 'Line', codec: listOf(line) }]);
    // @ts-expect-error: neither command
    defineMapping('Invoice', [{ ours: 'dueOn', write: 'DueDate', codec: day, only: 'VOID' }]);
    expect(kind).toThrow('Bill has no field total.');
  });
});
