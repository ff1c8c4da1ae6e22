// How the books keep their rows: in the order of their keys, whole or not at all, found by index, and the same after they were kept.
import { expect, it } from 'vitest';
import { createBooks, type SapChange } from './index.ts';
import { CUSTOMER, numberOf, testCompany } from './test-company.ts';

const SETS = testCompany().books.services.flatMap(({ sets }) => sets);
const NOW = new Date('2026-11-20T12:00:00Z');
const small = () => createBooks({ seed: 7, size: 60, now: () => NOW });

it('rows come in the order of their keys, numbers by their value', () => {
  const { books, people } = testCompany();
  const items = Array.from({ length: 12 }, () => ({ material: 'BOLT', quantity: '1' }));
  const order = people.createOrder({ soldTo: CUSTOMER, company: '1010', items });
  const numbers = Array.from(books.rows('A_SalesOrderItem'), (row) => row.SalesOrderItem);
  expect(numbers.slice(8)).toEqual(['90', '100', '110', '120']);
  expect(
    Array.from(books.related('A_SalesOrderItem', { SalesOrder: order.SalesOrder ?? '' }), (row) => row.SalesOrderItem),
  ).toEqual(numbers);
});

it('keys are taken with and without zeros in front, and every set finds each of its rows by its key', () => {
  const books = small();
  for (const { name, keys } of SETS)
    for (const row of [...books.rows(name)].slice(0, 20)) {
      const key = Object.fromEntries(keys.map((one) => [one, row[one] ?? null]));
      expect([name, key, books.get(name, key)]).toEqual([name, key, row]);
      expect([...books.related(name, key)]).toEqual([row]);
    }
  const item = [...books.rows('A_OutbDeliveryItem')][0] ?? {};
  expect(
    books.get('A_OutbDeliveryItem', { ...item, DeliveryDocument: item.DeliveryDocument ?? '', DeliveryDocumentItem: '10' }),
  ).toBe(item);
});

it('navigations of every set lead to rows of their set', () => {
  const books = small();
  const found = new Set<string>();
  for (const { name, navigations } of SETS)
    for (const row of [...books.rows(name)].slice(0, 60))
      for (const { name: navigation, set, on, isMany } of navigations) {
        const rows = [...books.related(set, Object.fromEntries(on.map(([ours, theirs]) => [theirs, row[ours] ?? null])))];
        if (!isMany) expect(rows.length).toBeLessThanOrEqual(1);
        if (rows.length > 0) found.add(`${name}/${navigation}`);
      }
  const all = SETS.flatMap(({ name, navigations }) => navigations.map((one) => `${name}/${one.name}`));
  const empty = ['A_CustomerCompany/to_CustomerDunning', 'A_SalesOrder/to_Text', 'A_SalesOrderText/to_SalesOrder'];
  expect(all.filter((one) => !found.has(one))).toEqual(empty);
});

it('what is found by an index is what a look at every row finds', () => {
  const books = small();
  for (const { name, indexes = [] } of SETS)
    for (const property of indexes) {
      const values = new Set(Array.from(books.rows(name), (row) => row[property] ?? null));
      for (const value of [...values].slice(0, 8))
        expect([...books.related(name, { [property]: value })]).toEqual(
          [...books.rows(name)].filter((row) => row[property] === value),
        );
    }
});

it('a unit of work that fails leaves nothing behind: rows, indexes, numbers and what was to be told', () => {
  const { books, people } = testCompany();
  const told: SapChange[] = [];
  books.onChange((changes) => told.push(...changes));
  const before = JSON.stringify(books.kept());
  expect(() =>
    books.atomically(() => {
      const order = people.createOrder({ soldTo: CUSTOMER, company: '1010', items: [{ material: 'PUMP', quantity: '1' }] });
      people.deliver({ order: numberOf(order, 'SalesOrder') });
      people.changePartner(CUSTOMER, { name: 'Other' });
      throw new Error('no');
    }),
  ).toThrow('no');
  expect(JSON.stringify(books.kept())).toBe(before);
  expect([...books.related('A_SalesOrder', { SoldToParty: CUSTOMER })]).toEqual([]);
  expect(told).toEqual([]);
});

it('books that were kept are the same when they are loaded, and go on where they were', () => {
  const first = small();
  const second = createBooks({ now: () => NOW, kept: JSON.parse(JSON.stringify(first.kept())) as ReturnType<typeof first.kept> });
  for (const { name } of SETS) expect([...second.rows(name)]).toEqual([...first.rows(name)]);
  const [customer] = first.rows('A_CustomerCompany');
  const order = {
    soldTo: numberOf(customer ?? {}, 'Customer'),
    company: numberOf(customer ?? {}, 'CompanyCode'),
    items: [{ material: '4711', quantity: '1' }],
  };
  expect(second.people.createOrder(order)).toEqual(first.people.createOrder(order));
});

it('has told of every change, once for each object, by numbers without zeros', () => {
  const { books, people, invoice } = testCompany();
  const told: SapChange[] = [];
  books.onChange((changes) => told.push(...changes));
  const billing = invoice();
  people.changePartner(CUSTOMER, { email: 'x@y.example', city: 'Kiel' });
  people.cancelBilling(numberOf(billing));
  expect(told.map(({ object, what, key }) => [object, what, ...Object.values(key)])).toEqual([
    ['SalesOrder', 'Created', '740501'],
    ['OutboundDelivery', 'Created', '80700001'],
    ['BillingDocument', 'Created', '90500001'],
    ['JournalEntry', 'Created', '1010', '2026', '9400000001'],
    ['BusinessPartner', 'Changed', '10100001'],
    ['JournalEntry', 'Created', '1010', '2026', '9400000002'],
    ['BillingDocument', 'Changed', '90500001'],
    ['BillingDocument', 'Created', '90500002'],
  ]);
});

it('whoever keeps the books hears of changes that nobody else is told of', () => {
  const { books, people } = testCompany();
  const heard: (readonly SapChange[])[] = [];
  books.onChange((changes) => heard.push(changes));
  people.setCreditLimit(CUSTOMER, '1010', '5');
  people.closePeriod('2026-01-31');
  expect(() => people.deleteOrder('1')).toThrow('Resource not found');
  expect(heard).toEqual([[], []]);
});

it('what nobody knows is a setting: whether statuses stamp an order and resets their lines, and the zone of days without one', () => {
  const { books, people, goTo, invoice, order } = testCompany({
    doStatusesStampOrders: true,
    doResetsStampLines: false,
    zoneOffsetMinutes: 780,
  });
  const sold = people.createOrder({ soldTo: CUSTOMER, company: '1010', items: [{ material: 'PUMP', quantity: '1' }] });
  expect(sold).toMatchObject({ CreationDate: '2026-05-05', LastChangeDateTime: '2026-05-04T12:00:00.1230000Z' });
  goTo('2026-05-20');
  people.deliver({ order: numberOf(sold, 'SalesOrder') });
  expect(order(sold).LastChangeDateTime).toBe('2026-05-20T12:00:00.1230000Z');
  const billing = invoice();
  const paid = people.receivePayment({ invoices: [numberOf(billing)] });
  people.resetClearing('1010', paid.document, paid.year);
  expect([...books.related('A_OperationalAcctgDocItemCube', { BillingDocument: numberOf(billing) })][0]).toMatchObject({
    IsCleared: false,
    LastChangeDate: null,
  });
});
