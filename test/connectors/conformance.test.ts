// Every connector of this repository against the hostile ERP of the kit, over real HTTP; what the kit saw is the coverage that is published.
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Connector } from '../../src/connect/connector.ts';
import { coverageText, type KitReport, type KitTarget, runKit } from '../../src/connect/testing/index.ts';

const FOLDER = join(import.meta.dirname, '../../connectors');
const NAMES = readdirSync(FOLDER).filter((name) => existsSync(join(FOLDER, name, 'kit.ts')));
/** No promise of the kit: it takes two minutes where three files share two cores, and more beside others. */
const TIMEOUT_MS = 900_000;

async function reportOf(name: string): Promise<KitReport> {
  const { connector } = (await import(join(FOLDER, name, 'index.ts'))) as { connector: Connector };
  const { kit } = (await import(join(FOLDER, name, 'kit.ts'))) as { kit: KitTarget };
  return runKit({ connector, target: kit });
}

/** Two at a time, as much of it is waiting: every second one, in its turn. */
const lanes = [0, 1].map(async (lane) => {
  const reports: (readonly [string, KitReport])[] = [];
  for (const name of NAMES.filter((_, i) => i % 2 === lane)) reports.push([name, await reportOf(name)]);
  return reports;
});
const all = Promise.all(lanes).then((reports) => new Map(reports.flat()));

describe.each(NAMES)('the connector %s', (name) => {
  let report: KitReport;
  beforeAll(async () => {
    const found = (await all).get(name);
    if (found) report = found;
  }, TIMEOUT_MS);

  it('keeps every promise of the kit, or says why it leaves one out', () => {
    const broken = report.results.filter(({ outcome }) => outcome === 'FAILED');
    expect(broken.map(({ promise, reason }) => `${promise} ${reason}`)).toEqual([]);
    for (const { outcome, reason } of report.results) if (outcome === 'SKIPPED') expect(reason).toMatch(/\w{3,}/);
  });

  it('covers what its published table says', () => {
    const file = join(FOLDER, name, 'coverage.json');
    const found = report.coverage ? coverageText(report.coverage) : '';
    if (process.env['UPDATE_GOLDEN']) writeFileSync(file, found);
    const told = `it is written by: npm run --silent cashgraph -- connector test ${name} --write`;
    expect(existsSync(file) ? readFileSync(file, 'utf8') : '', told).toBe(found);
  });
});

it('finds connectors to try', () => {
  expect(NAMES).toEqual(expect.arrayContaining(['files', 'quickbooks']));
});
