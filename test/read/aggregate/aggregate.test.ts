// What an aggregate answers and refuses, on real rows. That its figures are right for everybody is shown by test/access/aggregates.test.ts.
import { describe, expect, it } from 'vitest';
import { reading } from '../reading.ts';

const { data, ask } = await reading();

const refusal = async (source: string, who = {}) => {
  const { errors = [] } = await ask(source, who);
  const [error] = errors;
  return error?.originalError;
};

describe('groups', () => {
  it('are all rows in one where nothing is grouped by, also without any row', async () => {
    expect(await data('{ invoicesAggregate { groupCount nextCursor groups { count } } }')).toEqual({
      invoicesAggregate: { groupCount: 1, nextCursor: null, groups: [{ count: 60 }] },
    });
    const none =
      '{ invoicesAggregate(where: { number: { eq: "no" } }) { groups { count total { byCurrency { sum } } dueOn { min } } } }';
    expect(await data(none)).toEqual({
      invoicesAggregate: { groups: [{ count: 0, total: { byCurrency: [] }, dueOn: { min: null } }] },
    });
  });

  it('are shown with null for rows without a value, last upwards and first downwards', async () => {
    const segments = async (direction: string) => {
      const source = `{ customersAggregate(groupBy: [{ field: SEGMENT }], orderBy: [{ key: SEGMENT, direction: ${direction} }]) { groups { key { segment } count } } }`;
      return (await data(source)).customersAggregate.groups.map((group: { key: object; count: number }) => [
        group.key,
        group.count,
      ]);
    };
    const upwards = [
      [{ segment: 'S1' }, 3],
      [{ segment: 'S2' }, 2],
      [{ segment: null }, 3],
    ];
    expect(await segments('ASC')).toEqual(upwards);
    expect(await segments('DESC')).toEqual(upwards.toReversed());
  });

  it('never depend on what is selected: amounts stand by currency inside a group', async () => {
    const source = `{ invoicesAggregate(groupBy: [{ field: STATUS }]) {
      a: groups { count } b: groups { __typename key { __typename status } total { __typename byCurrency { __typename currency count sum } } } } }`;
    const { a, b } = (await data(source)).invoicesAggregate;
    expect(
      b.map(({ total }: { total: { byCurrency: { count: number }[] } }) => ({
        count: total.byCurrency.reduce((sum, one) => sum + one.count, 0),
      })),
    ).toEqual(a);
    expect(b[0]).toMatchObject({
      __typename: 'InvoiceGroup',
      key: { __typename: 'InvoiceGroupKey', status: 'DRAFT' },
      total: { __typename: 'MoneyMeasure', byCurrency: [{ __typename: 'MoneyInCurrency' }, {}, {}] },
    });
  });

  it('can be chosen by having and ordered by what is added up, in one currency', async () => {
    const source = `{ invoicesAggregate(groupBy: [{ field: CUSTOMER_NUMBER }],
      having: { total: { currency: "EUR", sum: { gt: "30.00" } }, or: [{ count: { gte: 8 } }, { not: { count: { lt: 7 } } }] },
      orderBy: [{ measure: TOTAL, currency: "EUR", direction: DESC }]) { groups { key { customerNumber } count total { byCurrency { currency sum } } } } }`;
    const { groups } = (await data(source)).invoicesAggregate;
    const sums = groups.map(({ total }: { total: { byCurrency: { currency: string; sum: string }[] } }) =>
      Number(total.byCurrency.find(({ currency }) => currency === 'EUR')?.sum),
    );
    expect(sums.length).toBeGreaterThan(2);
    expect(sums.every((sum: number) => sum > 30)).toBe(true);
    expect(sums).toEqual([...sums].sort((x, y) => y - x));
    expect(groups.every(({ count }: { count: number }) => count >= 7)).toBe(true);
  });

  it('of what belongs to one record are those of the list that is filtered by it', async () => {
    const nested = `{ customerAccounts(first: 3) { nodes { id invoicesAggregate(groupBy: [{ field: STATUS }]) { groups { key { status } count } } } } }`;
    for (const { id, invoicesAggregate } of (await data(nested)).customerAccounts.nodes) {
      const root = `{ invoicesAggregate(where: { accountId: { eq: "${id}" } }, groupBy: [{ field: STATUS }]) { groups { key { status } count } } }`;
      expect(invoicesAggregate).toEqual((await data(root)).invoicesAggregate);
    }
  });

  it('are those of an earlier day where the list is', async () => {
    const source = (args: string) =>
      `{ openItemsAggregate${args} { groups { count open { byCurrency { sum } } settledOn { count } } } }`;
    const then = (await data(source('(asOf: "2026-02-10")'))).openItemsAggregate.groups[0];
    const now = (await data(source(''))).openItemsAggregate.groups[0];
    expect(then).toEqual({ count: 20, open: { byCurrency: [{ sum: '90.00' }] }, settledOn: { count: 2 } });
    expect(now).toEqual({ count: 20, open: { byCurrency: [{ sum: '50.00' }] }, settledOn: { count: 10 } });
  });
});

describe('spans of time', () => {
  const days = async (bucket: string, timeZone: string | null = null) => {
    const zone = timeZone === null ? '' : `, timeZone: "${timeZone}"`;
    const source = `{ invoicesAggregate(where: { number: { isNull: false } }, groupBy: [{ field: CREATED_AT, bucket: ${bucket}${zone} }]) { groups { key { createdAt } } } }`;
    return (await data(source)).invoicesAggregate.groups.map(({ key }: { key: { createdAt: string } }) => key.createdAt);
  };

  it('are named by their first day, in UTC unless a zone is told', async () => {
    expect(await days('DAY')).toEqual(['2026-01-01']);
    expect(await days('DAY', 'America/New_York')).toEqual(['2025-12-31']);
    expect(await days('WEEK')).toEqual(['2025-12-29']);
    expect(await days('MONTH', 'Pacific/Honolulu')).toEqual(['2025-12-01']);
    expect(await days('QUARTER', 'America/New_York')).toEqual(['2025-10-01']);
    expect(await days('YEAR', 'Asia/Tokyo')).toEqual(['2026-01-01']);
  });

  it.each([
    ['{ field: CREATED_AT, timeZone: "+02:00" }', 'timeZone'],
    ['{ field: CREATED_AT, timeZone: "EST" }', 'timeZone'],
    ['{ field: CREATED_AT, timeZone: "Europe/Nowhere" }', 'timeZone'],
    ['{ field: ISSUED_ON, timeZone: "UTC" }', 'timeZone'],
    ['{ field: STATUS, bucket: MONTH }', 'bucket'],
  ])('are refused where they mean nothing: %s', async (key, part) => {
    expect(await refusal(`{ invoicesAggregate(groupBy: [${key}]) { groupCount } }`)).toMatchObject({
      code: 'INVALID_INPUT',
      details: { path: ['invoicesAggregate', 'groupBy', '0', part] },
    });
  });
});

describe('what somebody may not read', () => {
  it.each([
    ['customersAggregate(groupBy: [{ field: TAX_ID }]) { groupCount }', 'customersAggregate.groupBy.0.field'],
    ['invoicesAggregate(groupBy: [{ field: CUSTOMER_TAX_ID }]) { groupCount }', 'invoicesAggregate.groupBy.0.field'],
    ['customersAggregate { groups { x: countDistinct(field: TAX_ID) } }', 'customersAggregate.groups.x.field'],
    ['customersAggregate { groups { key { taxId } } }', 'customersAggregate.groups.key.taxId'],
    ['customersAggregate(where: { taxId: { isNull: true } }) { groupCount }', 'customersAggregate.where.taxId'],
  ])('refuses the whole operation with the path: %s', async (source, path) => {
    expect(await refusal(`{ ${source} }`)).toMatchObject({
      code: 'FORBIDDEN',
      details: { paths: [path], permissions: ['customers:secrets'] },
    });
    expect((await ask(`{ ${source} }`, { also: ['customers:secrets'] })).errors).toBeUndefined();
  });

  it('is also a related record, and what belongs to a record', async () => {
    const who = { without: ['customers:read'] } as const;
    const related = '{ invoicesAggregate(groupBy: [{ field: CUSTOMER_SEGMENT }, { field: ACCOUNT_NUMBER }]) { groupCount } }';
    expect(await refusal(related, who)).toMatchObject({
      code: 'FORBIDDEN',
      details: { paths: ['invoicesAggregate.groupBy.0.field', 'invoicesAggregate.groupBy.1.field'] },
    });
    const nested = '{ customerAccounts { nodes { invoicesAggregate { groupCount } } } }';
    expect(await refusal(nested, { without: ['invoices:read'] })).toMatchObject({ code: 'FORBIDDEN' });
    expect(await refusal('{ customersAggregate { groupCount } }', who)).toMatchObject({ code: 'FORBIDDEN' });
  });
});

describe('a page of groups', () => {
  const page = async (args: string) =>
    (
      await data(
        `{ invoicesAggregate(groupBy: [{ field: CUSTOMER_NUMBER }, { field: ISSUED_ON }], ${args}) { nextCursor groupCount groups { key { customerNumber issuedOn } count } } }`,
      )
    ).invoicesAggregate;

  it.each([
    '',
    'orderBy: [{ measure: ROWS, direction: DESC }], ',
    'orderBy: [{ measure: TOTAL, function: AVG, currency: "JPY" }, { key: ISSUED_ON, direction: DESC }], ',
  ])('follows the one before without a gap or a repetition: %s', async (order) => {
    const all = await page(`${order}first: 1000`);
    const found: unknown[] = [];
    let after = '';
    do {
      const one = await page(`${order}first: 7${after && `, after: "${after}"`}`);
      expect(one.groupCount).toBe(all.groups.length);
      found.push(...one.groups);
      after = one.nextCursor;
    } while (after);
    expect(found).toEqual(all.groups);
  });

  it('is refused beyond 1,000, with what to do instead', async () => {
    expect(await refusal('{ invoicesAggregate(first: 1001) { groupCount } }')).toMatchObject({
      code: 'PAGE_TOO_LARGE',
      message: expect.stringContaining('page with after, group more coarsely, or filter'),
    });
    expect(await refusal('{ invoicesAggregate(first: 0) { groupCount } }')).toMatchObject({ code: 'PAGE_ARGUMENTS_INVALID' });
  });

  it('is refused a cursor of other groups, another order or another currency', async () => {
    const { nextCursor } = await page('first: 1, orderBy: [{ measure: TOTAL, currency: "EUR" }]');
    for (const args of [
      '',
      ', orderBy: [{ measure: TOTAL, currency: "JPY" }]',
      ', orderBy: [{ measure: OPEN, currency: "EUR" }]',
    ]) {
      const source = `{ invoicesAggregate(groupBy: [{ field: CUSTOMER_NUMBER }, { field: ISSUED_ON }], after: "${nextCursor}"${args}) { groupCount } }`;
      expect(await refusal(source)).toMatchObject({ code: 'CURSOR_ORDER_MISMATCH' });
    }
  });

  it.each([
    ['groupBy: [{ field: STATUS }, { field: STATUS }]', 'groupBy.1'],
    ['orderBy: [{ key: STATUS }]', 'orderBy.0.key'],
    ['orderBy: [{ direction: DESC }]', 'orderBy.0'],
    ['orderBy: [{ measure: TOTAL }]', 'orderBy.0.currency'],
    ['orderBy: [{ measure: ISSUED_ON, function: SUM }]', 'orderBy.0.function'],
    ['orderBy: [{ measure: ROWS, function: AVG }]', 'orderBy.0.function'],
    ['having: { total: { sum: { gt: "1" } } }', 'having.total.currency'],
    ['having: { count: { gt: null } }', 'having.count.gt'],
  ])('is refused with the place of what is wrong: %s', async (args, path) => {
    expect(await refusal(`{ invoicesAggregate(${args}) { groupCount } }`)).toMatchObject({
      code: 'INVALID_INPUT',
      details: { path: ['invoicesAggregate', ...path.split('.')] },
    });
  });
});

it('a list can be filtered by what belongs to its records: some of them, or none', async () => {
  const numbers = async (where: string, who = {}) =>
    (await data(`{ customerAccounts(where: { ${where} }) { nodes { number legalEntity { code } } } }`, who)).customerAccounts
      .nodes.length;
  const all = await numbers('');
  const paid = await numbers('invoices: { some: { status: { eq: PAID } } }');
  expect(paid).toBeGreaterThan(0);
  expect(await numbers('invoices: { none: { status: { eq: PAID } } }')).toBe(all - paid);
  expect(await numbers('payments: { some: {} }')).toBe(10);
  expect(await numbers('payments: { some: {}, none: { number: { eq: "P1" } } }')).toBe(9);
  expect(
    await refusal('{ customerAccounts(where: { payments: { none: {} } }) { totalCount } }', { without: ['payments:read'] }),
  ).toMatchObject({
    code: 'FORBIDDEN',
    details: { paths: ['customerAccounts.where.payments'] },
  });
});
