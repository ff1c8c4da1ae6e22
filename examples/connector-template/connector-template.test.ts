// The connector against its simulator: the whole conformance kit, and records as they were seen.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CANONICAL, type JsonObject } from 'cashgraph/connector';
import { runKit } from 'cashgraph/connector/testing';
import { describe, expect, it } from 'vitest';
import { connector } from './index.ts';
import { kit } from './kit.ts';

describe('Connector Template', () => {
  it('passes the conformance kit', { timeout: 120_000 }, async () => {
    const { results } = await runKit({ connector, target: kit });
    expect(results.filter(({ outcome }) => outcome === 'FAILED').map(({ name, reason }) => `${name}: ${reason}`)).toEqual([]);
    expect(results.filter(({ outcome }) => outcome === 'PASSED').length).toBeGreaterThan(20);
  });

  it('makes the document that is meant of a recorded invoice', () => {
    const text = readFileSync(join(import.meta.dirname, 'fixtures/invoice.json'), 'utf8');
    const { record } = JSON.parse(text) as { record: JsonObject };
    const invoices = connector.streams.find(({ name }) => name === 'invoices') ?? expect.unreachable();
    const extensions = [{ field: 'project', as: 'project' }];
    const made = invoices.assemble(record, { config: { extensions }, functionalCurrency: 'USD' });
    expect(CANONICAL.Invoice.parse(made.document)).toMatchObject({
      number: 'INV-77',
      total: '29.75',
      open: '29.75',
      state: 'ISSUED',
    });
    expect(made.extensions).toEqual({ project: 'Bridge' });
  });
});
