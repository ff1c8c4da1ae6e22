// A company whose books are long enough for exports: imported invoices, many of them on one account.
import { bare, type Books, type World } from '../support/world.ts';
import { withClient } from '../support/connection.ts';

export interface Billed {
  readonly legalEntityId: string;
  readonly customerNumber: string;
  readonly count: number;
  readonly currency?: string;
  readonly reference?: (n: number) => string;
}

/** Invoices as an ERP that is left behind gives them. */
export async function bill(
  world: World,
  { legalEntityId, customerNumber, count, currency = 'EUR', reference }: Billed,
): Promise<void> {
  const principal = await world.platform.systemPrincipal(world.tenantId);
  const inputs = Array.from({ length: count }, (_, i) => ({
    legalEntityId,
    externalId: `${customerNumber} ${i}`,
    customerNumber,
    number: reference ? reference(i) : `${customerNumber}-${String(i).padStart(4, '0')}`,
    amount: `${100 + i}.50`,
    currency,
    issuedOn: '2026-01-10',
    dueOn: '2026-02-09',
  }));
  const outcomes = await world.platform.write.runSet(world.platform.command('importInvoice'), inputs, {
    principal,
    requestId: 'test',
  });
  const refused = outcomes.find((outcome) => !outcome.ok);
  if (refused) throw new Error(JSON.stringify(refused));
}

/** While `during` runs, whatever reads price lists waits: an export stands still with its snapshot taken. */
export async function standingStill<T>(world: World, during: (isWaiting: () => Promise<void>) => Promise<T>): Promise<T> {
  return withClient(world.database.connection, async (client) => {
    await client.query('begin; lock table price_list in access exclusive mode');
    try {
      return await during(async () => {
        for (let tries = 0; tries < 1_500; tries++) {
          const { rows } = await client.query(
            `select from pg_locks l join pg_database d on d.oid = l.database
             where not l.granted and l.relation = 'price_list'::regclass and d.datname = current_database()`,
          );
          if (rows.length > 0) return;
          await new Promise((done) => setTimeout(done, 10));
        }
        throw new Error('Nothing ever waited.');
      });
    } finally {
      await client.query('rollback');
    }
  });
}

/** A list whose rows are read after its snapshot is counted, from a table that `standingStill` holds. */
export const CUSTOMERS = '{ customers { nodes { id number name accounts { nodes { id number priceList { code } } } } } }';

export const portalOf = async (world: World, books: Books, subject: string) => {
  const admin = await world.as('admin');
  await admin.do(
    'createActor',
    {
      kind: 'PORTAL',
      name: subject,
      issuer: 'urn:cashgraph:local',
      subject,
      roles: [],
      customerIds: [books.customerId],
    },
    'actor',
  );
  return world.as(subject);
};

export { bare };
