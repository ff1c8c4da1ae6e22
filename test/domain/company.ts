/** A group for one history: a tenant of its own with two legal entities, a hierarchy of customers, and rates that change once. */
import { graphql } from 'graphql';
import type { Principal } from '../../src/access/principal.ts';
import { ensureTenant } from '../../src/cli/tenant.ts';
import { publicId } from '../../src/kernel/ids.ts';
import { fieldResolver } from '../../src/read/schema.ts';
import type { Outcome } from '../../src/write/outcome.ts';
import type { World } from '../support/world.ts';
import { type Account, Books, type Entity } from './books-model.ts';

export const START = '2026-01-05';
/** No rate is older than this: documents of an earlier day are refused. */
const FIRST_RATE = '2025-12-20';

const RATES = (
  [
    ['JPY', 'EUR', '0.006173', '0.005918'],
    ['EUR', 'JPY', '161.35', '168.07'],
    ['KWD', 'EUR', '2.988317', '3.021'],
    ['KWD', 'JPY', '487.125', '499.9'],
  ] as const
).flatMap(([from, to, first, second]) => [
  { from, to, on: FIRST_RATE, rate: first },
  { from, to, on: '2026-02-01', rate: second },
]);

/** Of every customer but the child. */
const TERMS = { netDays: 30, discountDays: 21, percent: 3n };

const micros = (rate: string) => BigInt(Math.round(Number(rate) * 1_000_000));

export interface Company {
  readonly principal: Principal;
  readonly books: Books;
  readonly entities: readonly Entity[];
  /** Runs a command by its name. */
  run(name: string, input: Record<string, unknown>): Promise<Outcome>;
  /** A query in the graph, without HTTP in front of it. */
  // oxlint-disable-next-line typescript/no-explicit-any -- answers have the shape of their queries
  ask(source: string, variables?: Record<string, unknown>): Promise<Record<string, any>>;
}

let made = 0;

export async function startCompany(world: World): Promise<Company> {
  made += 1;
  const slug = `history-${made}`;
  const address = { connection: world.database.connection, rolePrefix: 'cashgraph' };
  const { id: tenantId } = await ensureTenant(address, { slug, name: slug, groupCurrency: 'EUR', isSandbox: true }, world.clock);
  const principal = await world.platform.systemPrincipal(tenantId);
  const request = { principal, requestId: slug };
  const many = async (name: string, prefix: string, inputs: readonly object[]) => {
    const outcomes = await world.platform.write.runSet(world.platform.command(name), inputs, request);
    return outcomes.map((o) => {
      if (!o.ok) throw new Error(JSON.stringify(o.problems));
      return publicId(prefix, o.recordId);
    });
  };
  await many(
    'setExchangeRate',
    'xr',
    RATES.map(({ from, to, on, rate }) => ({ fromCurrency: from, toCurrency: to, validOn: on, rate })),
  );
  const wanted = [
    { code: 'DE01', country: 'DE', functionalCurrency: 'EUR', timeZone: 'Europe/Berlin' },
    { code: 'JP01', country: 'JP', functionalCurrency: 'JPY', timeZone: 'Asia/Tokyo' },
  ];
  const entityIds = await many(
    'createLegalEntity',
    'le',
    wanted.map((e) => ({ ...e, name: e.code })),
  );
  const entities = wanted.map(
    (e, i): Entity => ({
      id: entityIds[i] ?? '',
      code: e.code,
      currency: e.functionalCurrency,
      closedThrough: '',
      lastNumbered: { INVOICE: '', CREDIT_NOTE: '' },
    }),
  );
  const accounts = await openAccounts(many, entities);
  const books = new Books(
    accounts,
    RATES.map((r) => ({ ...r, micros: micros(r.rate) })),
  );
  return {
    principal,
    books,
    entities,
    run: (name, input) => world.platform.write.run(world.platform.command(name), input, request),
    async ask(source, variables = {}) {
      const contextValue = world.platform.contextOf(principal, { requestId: slug, idempotencyKey: null });
      const { data, errors } = await graphql({
        schema: world.platform.schema,
        source,
        variableValues: variables,
        contextValue,
        fieldResolver: fieldResolver as never,
      });
      if (errors?.[0] || !data) throw errors?.[0] ?? new Error('no answer');
      return JSON.parse(JSON.stringify(data)) as Record<string, never>;
    },
  };
}

/** A parent, its child, its grandchild, and a stranger; each has an account with each legal entity. */
async function openAccounts(
  many: (name: string, prefix: string, inputs: readonly object[]) => Promise<string[]>,
  entities: readonly Entity[],
): Promise<Account[]> {
  const [parent = '', stranger = ''] = await many('createCustomer', 'cus', [
    { number: 'P', name: 'Parent' },
    { number: 'X', name: 'Stranger' },
  ]);
  const [child = ''] = await many('createCustomer', 'cus', [{ number: 'C', name: 'Child', parentId: parent }]);
  const [grandchild = ''] = await many('createCustomer', 'cus', [{ number: 'G', name: 'Grandchild', parentId: child }]);
  const [paymentTermsId] = await many('createPaymentTerms', 'pt', [
    {
      code: 'EARLY',
      name: 'Early',
      netDays: TERMS.netDays,
      discountDays: TERMS.discountDays,
      discountPercent: `${TERMS.percent}`,
    },
  ]);
  const payers = [[parent], [child, parent], [grandchild, child, parent], [stranger]];
  const wanted = entities.flatMap((entity) =>
    payers.map((list, i) => ({ entity, payers: list, number: `A${i}`, terms: list === payers[1] ? null : TERMS })),
  );
  const inputs = wanted.map((w) => ({
    customerId: w.payers[0],
    legalEntityId: w.entity.id,
    number: w.number,
    currency: w.entity.currency,
    ...(w.terms ? { paymentTermsId } : {}),
  }));
  const ids = await many('openAccount', 'acc', inputs);
  return wanted.map(({ entity, payers: list, terms }, i) => ({ id: ids[i] ?? '', entity, payers: list, terms }));
}
