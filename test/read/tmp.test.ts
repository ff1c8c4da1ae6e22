import { it } from 'vitest';
import { parse, execute } from 'graphql';
import { fieldResolver } from '../../src/read/schema.ts';
import { createReadEngine } from '../../src/read/engine.ts';
import { principal, reading } from './reading.ts';
import { catalogue } from './small-catalogue.ts';
import { INVOICE } from './seed.ts';
const { engine, schema, pools } = await reading();
const qs = { one: `{ invoice(id: "inv_${INVOICE(1, 1)}") { id number status total { amount currency } customer { name } } }`,
 nested: `{ customers(first: 10) { nodes { id name accounts(first: 5) { nodes { number invoices(first: 5, where: { status: { eq: OPEN } }) { totalCount nodes { id number total { amount currency } lines { description } } } } } } } }`,
 list: '{ invoices(first: 50, where: { total: { currency: "EUR", gte: "1" } }) { nodes { id number status issuedOn dueOn total { amount currency } open { amount currency } customer { name } } } }' };
it('bench', async () => {
  for (const [name, source] of Object.entries(qs)) {
    const document = parse(source);
    for (const [what, e] of [['whole', engine], ['without database', createReadEngine({ catalogue, maxCost: 1e9, clock: { now: () => new Date() }, pools: { read: { run: async () => [{ answer: '{"nodes":[]}' }] as never, end: async () => {} }, portal: pools.portal } })]] as const) {
      const go = () => execute({ schema, document, fieldResolver, contextValue: { principal: principal(), read: e } });
      for (let i = 0; i < 300; i++) await go();
      const t = performance.now(); const n = 1000; for (let i = 0; i < n; i++) await go();
      console.log(name, what, ((performance.now() - t) / n).toFixed(3), 'ms');
    }
  }
}, 60000);
