// The rows form gives what the JSON form gives over the platform's own records, for people who see all, some and little.
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Principal } from '../../../src/access/principal.ts';
import { may } from '../../../src/access/principal.ts';
import { NOW, type ReadRecord } from '../../../src/read/record.ts';
import type { Shown } from '../../../src/read/shown.ts';
import { createBytePool } from '../../../src/read/wire/byte-pool.ts';
import { desk } from '../../access/company-erp.ts';
import { dice } from '../../access/random-where.ts';
import { smallCompany } from '../../read-golden/company.ts';
import { startWorld } from '../../support/world.ts';
import { connectionForms } from './forms.ts';
import { randomConnection } from './random-tree.ts';

const COUNT = Number(process.env['RANDOM_ROWS'] ?? 60);
const world = await startWorld({ now: '2026-01-05T09:00:00.000Z', connectors: [desk] });
const { catalogue } = world.platform;
const { connection } = world.database;
const pools = {
  read: createBytePool({ connection, role: 'cashgraph_read', max: 2, statementTimeoutMs: 10_000 }),
  portal: createBytePool({ connection, role: 'cashgraph_portal', max: 2, statementTimeoutMs: 10_000 }),
};
beforeAll(async () => void (await smallCompany(world)));
afterAll(() => Promise.all([pools.read.end(), pools.portal.end()]));

it.each(['admin', 'nord'])('%s reads the same in both forms', async (subject) => {
  const principal: Principal | null = await world.platform.signIn.bySubject({
    issuer: 'urn:cashgraph:local',
    subject,
    tenant: 'acme',
  });
  if (!principal) throw new Error(`There is no ${subject}.`);
  const isSeen = (permission: string | null | undefined) => permission == null || may(principal, permission as never);
  const roots = catalogue.records.filter(({ definition, resource }) => definition.root && isSeen(resource.permission));
  let rowCount = 0;
  for (let seed = 1; seed <= COUNT; seed++) {
    const d = dice(seed);
    const moment = d.roll(8) === 0 ? { asOf: '2026-01-04', knownAt: null } : NOW;
    const isLeftOut = (record: ReadRecord, field: Shown): boolean => {
      if (!('relation' in field)) return !isSeen(field.permission);
      const { relation } = field;
      const through = relation.kind === 'one' && relation.through !== undefined ? relation.through : null;
      const between = through === null ? relation : (record.definition.relations?.[through] ?? relation);
      const kinds = [relation.record, between.record].map((name) => catalogue.record(name).resource.permission);
      return [field.permission, ...kinds].some((permission) => !isSeen(permission));
    };
    const read = randomConnection({ dice: d, catalogue, moment, isLeftOut }, d.pick(roots), 3);
    const forms = await connectionForms({ pool: principal.portal ? pools.portal : pools.read, catalogue, principal }, read);
    if (forms.rows === null) continue;
    rowCount += forms.rowCount;
    expect(forms.rows, `seed ${seed}`).toBe(forms.json);
  }
  expect(rowCount).toBeGreaterThan(COUNT / 2);
});
