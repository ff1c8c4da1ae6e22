// The demo company: made once, believable, true to every invariant, and gone on with after a start that was killed.
import { beforeAll, expect, test } from 'vitest';
import { seedDemo } from '../src/cli/demo/index.ts';
import { loadConfig } from '../src/config.ts';
import { monotonicMs } from '../src/kernel/clock.ts';
import { freshDatabase } from './support/database.ts';
import { broken } from './support/invariants.ts';

const database = await freshDatabase();
const issuer = 'urn:test';
const said: string[] = [];
const seed = () => seedDemo({ connection: database.connection, rolePrefix: 'cashgraph', config: loadConfig({ NODE_ENV: 'test' }), issuer, say: (line) => said.push(line) });
let tookMs = 0;

beforeAll(async () => {
  const start = monotonicMs();
  await seed();
  tookMs = monotonicMs() - start;
}, 120_000);

test('it is made', async () => {
  console.log(tookMs, said);
});
test('every invariant holds', async () => {
  const { rows } = await database.as('system').query('select tenant_id from tenant');
  console.log(JSON.stringify(await broken(database, rows[0].tenant_id), null, 1).slice(0, 6000));
}, 60_000);
