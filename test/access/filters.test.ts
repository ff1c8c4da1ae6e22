// A filter is no oracle: asking for a value that only others hold gives the same answer as asking for one that nobody holds, in
// every field that can be filtered, in related records, and turned round by `not`.
import { expect, it } from 'vitest';
import { expectNoOracle } from './filters.ts';
import { serve } from './server.ts';
import { startStage } from './stage.ts';

const stage = await startStage();
const [acme, beta] = stage.companies;
if (!acme || !beta) throw new Error('There are no companies.');
const { schema, catalogue } = stage.world.platform;
const graph = { schema, catalogue };
const open = await serve(stage, { hasSecondWall: false });

const PAIRS = [
  ['a tenant', { reader: 'admin', ofBeta: true }],
  ['staff of one legal entity', { reader: 'admin of DE01', ofBeta: false }],
  ['a portal user', { reader: 'portal of C-2', ofBeta: false }],
] as const;

it.each(PAIRS)('%s learns nothing about others by filtering', async (_who, { reader, ofBeta }) => {
  const [viewer, other] = [await stage.viewer(acme, reader), await stage.viewer(ofBeta ? beta : acme, 'admin')];
  expect(await expectNoOracle(graph, viewer, other)).toBeGreaterThan(80);
});

it.each(PAIRS)(
  '%s learns nothing about others by filtering where row-level security is away',
  async (_who, { reader, ofBeta }) => {
    const [viewer, other] = [await open.personOf(reader, 'acme'), await stage.viewer(ofBeta ? beta : acme, 'admin')];
    expect(await expectNoOracle(graph, { person: viewer }, other)).toBeGreaterThan(80);
  },
);
