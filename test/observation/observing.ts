// Documents as the sync engine hands them over: sets of observed ones, on a real platform, with what came of each.
import { publicId } from '../../src/kernel/ids.ts';
import type { sql } from '../../src/read/sql.ts';
import type { World } from '../support/world.ts';
import { connect, type Connected } from './connection.ts';

export type Command = 'observeInvoice' | 'observeCreditNote' | 'observePayment';
let requests = 0;

/** Of each world, by legal entity. */
const connectionsOf = new WeakMap<World, Map<string, Promise<Connected>>>();

/** By which the documents of a legal entity are observed, made when it is asked for first; with authority over all kinds, unless told. */
export function connectionOf(world: World, legalEntityId: string, kinds?: readonly string[]): Promise<Connected> {
  const connections = connectionsOf.get(world) ?? new Map<string, Promise<Connected>>();
  connectionsOf.set(world, connections);
  const known = connections.get(legalEntityId);
  if (known) return known;
  const code = `qb${connections.size}`;
  const connected = connect(world, { legalEntityId: publicId('le', legalEntityId), code, ...(kinds ? { kinds } : {}) });
  connections.set(legalEntityId, connected);
  return connected;
}

/** One page of a legal entity. `beforeCommit` is awaited while it holds its locks. */
export async function observeAll(world: World, name: Command, inputs: readonly object[], beforeCommit?: () => Promise<unknown>) {
  const { legalEntityId } = inputs[0] as { legalEntityId: string };
  const { connectionId, code } = await connectionOf(world, legalEntityId);
  const principal = await world.platform.systemPrincipal(world.tenantId);
  requests += 1;
  return world.platform.write.runSet(world.platform.command(name), inputs, {
    principal,
    requestId: `page ${requests}`,
    observing: { connectionId, code },
    ...(beforeCommit ? { alongside: async () => void (await beforeCommit()) } : {}),
  });
}

/** One document that must be taken; gives our record. */
export async function observe(world: World, name: Command, input: object): Promise<{ recordId: string; isNew: boolean }> {
  const [outcome] = await observeAll(world, name, [input]);
  if (!outcome?.ok)
    throw new Error(`${name}: ${JSON.stringify(outcome?.problems)} ${(outcome as { fault?: Error })?.fault?.stack ?? ''}`);
  return { recordId: outcome.recordId, isNew: outcome.isNew };
}

/** Rows of the tenant, past the API. */
export const rowsOf = async <T>(world: World, source: ReturnType<typeof sql>): Promise<readonly T[]> =>
  world.platform.read.rows<T>(await world.platform.systemPrincipal(world.tenantId), source);

interface Party {
  readonly legalEntityId: string;
  readonly accountId: string;
}

const shared = ({ legalEntityId, accountId }: Party) => ({
  recordId: null,
  legalEntityId,
  accountId,
  occurredAt: null,
  isDeleted: false,
});

/** An invoice over 100 and 19 % tax, unless told. */
export const invoiceInput = (party: Party, more: Readonly<Record<string, unknown>> = {}) => ({
  ...shared(party),
  number: 'I-1',
  currency: 'EUR',
  issuedOn: '2026-01-10',
  dueOn: '2026-02-09',
  lines: [{ description: 'Pump', quantity: '1', unitPrice: '100', net: '100', taxCategory: 'S', taxRate: '19' }],
  taxes: [{ taxCategory: 'S', taxRate: '19', taxable: '100', tax: '19' }],
  net: '100',
  tax: '19',
  total: '119',
  state: 'ISSUED',
  ...more,
});

export const noteInput = (party: Party, more: Readonly<Record<string, unknown>> = {}) => {
  const { dueOn: _, ...note } = invoiceInput(party, { number: 'CN-1', ...more });
  return note;
};

export const paymentInput = (party: Party, more: Readonly<Record<string, unknown>> = {}) => ({
  ...shared(party),
  number: 'P-1',
  currency: 'EUR',
  receivedOn: '2026-01-20',
  amount: '119',
  method: 'CHEQUE',
  state: 'RECEIVED',
  applications: [] as object[],
  ...more,
});
