// Real receivables of other programs, where the folder with them is at hand: read in place, never copied, and nothing is written.
import { describe, expect, it } from 'vitest';
import { type Converted, createConverter } from '../../src/transport/import-file/convert.ts';
import type { Kind } from '../../src/transport/import-file/fields.ts';
import { openSource } from '../../src/transport/import-file/file.ts';
import { resolveMapping, unmapped } from '../../src/transport/import-file/mapping.ts';
import { hasRealFiles, realFile } from '../support/real-files.ts';

interface Wanted {
  readonly file: string;
  readonly kind: Kind;
  readonly currency?: string;
  readonly dateFormat?: string;
  readonly issuedDays?: number;
}

/** Every row converted, by the headers alone. */
async function convertAll({ file, kind, currency, dateFormat, issuedDays }: Wanted): Promise<readonly Converted[]> {
  const path = realFile(file);
  const source = await openSource({ path, name: path, format: 'CSV' });
  const defaults = new Map(currency === undefined ? [] : [['currency', currency]]);
  const mapping = resolveMapping({ kind, name: path, columns: source.columns, named: new Map(), defaults, dates: dateFormat });
  expect(unmapped(kind, mapping, issuedDays !== undefined)).toBeUndefined();
  const convert = createConverter({ kind, mapping, legalEntity: { code: 'X', currency: 'USD' }, issuedDays: issuedDays ?? null });
  const rows: Converted[] = [];
  for await (const raw of source.rows()) rows.push(convert(raw));
  return rows;
}

const documents = (rows: readonly Converted[]): Readonly<Record<string, string>>[] =>
  rows.flatMap(({ candidate }) => (candidate?.document ? [candidate.document] : []));

describe.runIf(hasRealFiles())('real files', () => {
  it('25,208 paid invoices without numbers: each has an id of its own, equal rows too', async () => {
    const rows = await convertAll({
      file: 'receivables-highradius/paid_invoices_2019-01_to_2019-09.csv',
      kind: 'settled-invoices',
      currency: 'USD',
      issuedDays: 30,
    });
    expect(rows.flatMap(({ refusals }) => refusals)).toEqual([]);
    const all = documents(rows);
    expect(all).toHaveLength(25_208);
    expect(new Set(all.map((document) => document.externalId)).size).toBe(25_208);
    expect(all.filter((document) => !document.externalId?.endsWith('#1'))).toHaveLength(616);
    expect(all[0]).toMatchObject({
      customerNumber: '100043965',
      issuedOn: '2018-12-03',
      dueOn: '2019-01-02',
      settledOn: '2019-01-03',
      amount: '16635.40',
      currency: 'USD',
    });
    expect(all.filter(({ issuedOn = '', settledOn = '' }) => settledOn < issuedOn)).toEqual([]);
  });

  it('9,700 open invoices of an ERP: leading zeros, names and currencies stay', async () => {
    const rows = await convertAll({ file: 'receivables-highradius/open_invoices_2020.csv', kind: 'open-invoices' });
    expect(rows.flatMap(({ refusals }) => refusals)).toEqual([]);
    const [first] = rows;
    expect(first?.candidate).toMatchObject({
      customer: { number: '0200706844', name: 'WINC co' },
      document: { externalId: 'X:1930571429', number: '1930571429', amount: '8734.71', paymentTermsCode: 'NAA8' },
    });
    expect(documents(rows).filter(({ currency }) => currency === 'CAD')).toHaveLength(747);
  });

  it('2,466 settled invoices with American days', async () => {
    const rows = await convertAll({
      file: 'receivables-ibm/ibm_accounts_receivable.csv',
      kind: 'settled-invoices',
      currency: 'USD',
      dateFormat: 'M/D/YYYY',
    });
    expect(rows.flatMap(({ refusals }) => refusals)).toEqual([]);
    expect(documents(rows)).toHaveLength(2_466);
    expect(documents(rows)[0]).toMatchObject({
      number: '0000611365',
      issuedOn: '2013-01-02',
      dueOn: '2013-02-01',
      settledOn: '2013-01-15',
    });
  });
});
