// How long a list is without counting it: exact while it is short, near it when it is long, and always about the reader's own rows.
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ESTIMATED_FROM } from '../../../src/read/row-estimate.ts';
import { reading } from '../reading.ts';
import { ACCOUNT, ENTITY, TENANT } from '../seed.ts';

const { connection, data } = await reading();
const LONG = 8_000;
const owner = new pg.Pool({ ...connection, max: 1 });
owner.on('error', () => {}); // the database is dropped under it
afterAll(() => owner.end());

const estimate = async (who = {}, args = '') => {
  const { payments } = await data(`{ payments(first: 1${args}) { totalCount totalCountEstimate } }`, who);
  return payments;
};

it('is the count itself while the list is short', async () => {
  expect(await estimate()).toEqual({ totalCount: 10, totalCountEstimate: 10 });
  expect(await estimate({}, ', where: { number: { startsWith: "P1" } }')).toEqual({ totalCount: 1, totalCountEstimate: 1 });
  expect(await estimate({ tenant: 9 })).toEqual({ totalCount: 0, totalCountEstimate: 0 });
});

describe('of a long list', () => {
  // of tenant 1 in two legal entities, a quarter in the first; of tenant 2 twice as many
  beforeAll(async () => {
    for (const t of [1, 2])
      await owner.query(
        `set session_replication_role = replica; insert into payment select r.* from (select * from payment where tenant_id = '${TENANT(t)}' limit 1) p, generate_series(1, ${LONG * t}) n,
         lateral jsonb_populate_record(null::payment, to_jsonb(p) || jsonb_build_object('id', gen_random_uuid(), 'number', '50 % off ' || n,
           'account_id', case when n % 8 = 0 then '${ACCOUNT(t, 1)}' else '${ACCOUNT(t, 2)}' end,
           'legal_entity_id', case when n % 4 = 0 then '${ENTITY(t, 1)}' else '${ENTITY(t, 2)}' end)) r`,
      );
    await owner.query('analyze payment');
  });

  /** How far it is off; what isn't estimated isn't meant here. */
  const offBy = async (who = {}, args = '') => {
    const { totalCount, totalCountEstimate } = await estimate(who, args);
    return totalCountEstimate > ESTIMATED_FROM ? Math.abs(totalCountEstimate / totalCount - 1) : Number.NaN;
  };

  it('is near the count, for the reader of a tenant and of a legal entity, under a filter too', async () => {
    expect(await offBy()).toBeLessThan(0.3);
    expect(await offBy({ tenant: 2 })).toBeLessThan(0.3);
    expect(await offBy({ grant: [ENTITY(1, 2)] })).toBeLessThan(0.3);
    expect(await offBy({}, ', where: { currency: { eq: "EUR" }, number: { ne: "100 %" } }')).toBeLessThan(0.3);
  });

  it('is exact again where the reader or a filter leaves few', async () => {
    for (const who of [{ grant: [ENTITY(1, 1)] }, { portal: { customers: [0], accounts: [1] } }]) {
      const { totalCount, totalCountEstimate } = await estimate(who);
      expect(totalCountEstimate).toBe(totalCount);
      expect(totalCount).toBeLessThan(ESTIMATED_FROM);
    }
    const named = await estimate({}, `, where: { number: { in: ["50 % off 1", "it's", "\\\\"] } }`);
    expect(named).toEqual({ totalCount: 1, totalCountEstimate: 1 });
  });

  it('is exact in a list below a record', async () => {
    const { customerAccounts } = await data(`{ customerAccounts { nodes { payments { totalCount totalCountEstimate } } } }`);
    for (const { payments } of customerAccounts.nodes) expect(payments.totalCountEstimate).toBe(payments.totalCount);
  });
});
