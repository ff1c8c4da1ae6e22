/** Books of a tiny system for the protocol's own tests: customers, orders with items and texts, one function. They check nothing that SAP checks. */
import {
  type Books,
  type DeepRow,
  type EntitySet,
  type Property,
  type Row,
  SapRefusal,
  type Service,
  type Value,
} from '../model.ts';

const text = (name: string, maxLength: number, more: Partial<Property> = {}): Property => ({
  name,
  type: 'Edm.String',
  maxLength,
  ...more,
});
const number10 = (name: string): Property => text(name, 10, { isAlpha: true, displayFormat: 'UpperCase', label: name });
const readOnly = { creatable: false, updatable: false } as const;

const CUSTOMERS: EntitySet = {
  name: 'A_Customer',
  type: 'A_CustomerType',
  keys: ['Customer'],
  properties: [number10('Customer'), text('CustomerName', 80), { name: 'Block', type: 'Edm.Boolean' }],
  navigations: [{ name: 'to_Order', set: 'A_Order', isMany: true, on: [['Customer', 'SoldToParty']] }],
  creatable: false,
  deletable: false,
};
const ORDERS: EntitySet = {
  name: 'A_Order',
  type: 'A_OrderType',
  keys: ['Order'],
  properties: [
    number10('Order'),
    number10('SoldToParty'),
    text('Reference', 35),
    { name: 'OrderDate', type: 'Edm.DateTime', displayFormat: 'Date' },
    { name: 'ShipDate', type: 'Edm.DateTime', displayFormat: 'Date' },
    { name: 'CreationTime', type: 'Edm.Time', ...readOnly },
    { name: 'ChangedAt', type: 'Edm.DateTimeOffset', ...readOnly },
    { name: 'Net', type: 'Edm.Decimal', precision: 16, scale: 3, unit: 'Currency', ...readOnly },
    text('Currency', 5),
    text('Hidden', 10, { filterable: false, sortable: false }),
    { name: 'Urgent', type: 'Edm.Boolean' },
    { name: 'Uuid', type: 'Edm.Guid', ...readOnly },
    { name: 'Copies', type: 'Edm.Int32' },
  ],
  navigations: [
    { name: 'to_Item', set: 'A_OrderItem', isMany: true, on: [['Order', 'Order']] },
    { name: 'to_Customer', set: 'A_Customer', isMany: false, on: [['SoldToParty', 'Customer']] },
    { name: 'to_Text', set: 'A_OrderText', isMany: true, on: [['Order', 'Order']] },
  ],
  etag: 'ChangedAt',
  indexes: ['SoldToParty'],
};
const ITEMS: EntitySet = {
  name: 'A_OrderItem',
  type: 'A_OrderItemType',
  keys: ['Order', 'Item'],
  properties: [
    number10('Order'),
    text('Item', 6, { displayFormat: 'NonNegative' }),
    text('Material', 40),
    { name: 'Quantity', type: 'Edm.Decimal', precision: 15, scale: 3 },
  ],
  navigations: [{ name: 'to_Order', set: 'A_Order', isMany: false, on: [['Order', 'Order']] }],
  guardedBy: 'to_Order',
};
const TEXTS: EntitySet = {
  name: 'A_OrderText',
  type: 'A_OrderTextType',
  keys: ['Order', 'Language'],
  properties: [number10('Order'), text('Language', 2), text('LongText', 200)],
  navigations: [],
  addressable: false,
  pageable: false,
};
const REPORT: readonly Property[] = [text('MessageType', 1), text('Message', 200)];

const SERVICE: Service = {
  path: 'API_ORDER_SRV',
  namespace: 'API_ORDER_SRV',
  sets: [CUSTOMERS, ORDERS, ITEMS, TEXTS],
  functions: [
    {
      name: 'Release',
      method: 'POST',
      set: 'A_Order',
      parameters: [{ name: 'Order', type: 'Edm.String' }],
      returns: { complex: 'Report', properties: REPORT, isMany: true },
    },
    {
      name: 'GetPDF',
      method: 'GET',
      set: 'A_Order',
      parameters: [{ name: 'Order', type: 'Edm.String' }],
      returns: { complex: 'GetPDFResult', properties: [text('Binary', 4_000)], isMany: false },
    },
  ],
};
const SECOND: Service = { ...SERVICE, path: 'API_SHIP_SRV;v=0002', namespace: 'API_SHIP_SRV' };
const BLANK: Readonly<Record<Property['type'], Value>> = {
  'Edm.String': '',
  'Edm.Boolean': false,
  'Edm.Decimal': '0.00',
  'Edm.Int32': 0,
  'Edm.DateTime': null,
  'Edm.DateTimeOffset': null,
  'Edm.Time': '00:00:00',
  'Edm.Guid': '00000000-0000-0000-0000-000000000000',
};

export class TestBooks implements Books {
  readonly services = [SERVICE, SECOND];
  version = 0;
  /** How often a whole set was read. */
  scans = 0;
  #tables = new Map(SERVICE.sets.map(({ name }): [string, Map<string, Row>] => [name, new Map()]));

  rows(set: string): Iterable<Row> {
    this.scans += 1;
    return this.#table(set).values();
  }

  get(set: string, key: Row): Row | null {
    return this.#table(set).get(this.#id(set, key)) ?? null;
  }

  related(set: string, where: Row): Iterable<Row> {
    return [...this.#table(set).values()].filter((row) => Object.entries(where).every(([name, value]) => row[name] === value));
  }

  create(set: string, { row, children }: DeepRow): Row {
    if (row.Reference === 'REFUSED') throw new SapRefusal(400, 'V1/302', 'Not this one', [{ code: 'V1/302', message: 'Really' }]);
    const own = set === 'A_Order' ? { Order: String(this.#table(set).size + 1).padStart(10, '0'), ...this.#stamp() } : {};
    const made = this.put(set, { ...own, ...row });
    for (const [at, child] of (children.to_Item ?? []).entries())
      this.create('A_OrderItem', { ...child, row: { ...child.row, Order: made.Order ?? '', Item: String((at + 1) * 10) } });
    return made;
  }

  update(set: string, key: Row, changes: Row): Row {
    const stamp = set === 'A_Order' ? this.#stamp() : {};
    if (changes.Reference === 'LATE') this.#messages.push({ code: 'V1/311', message: 'Verspätet', severity: 'warning' });
    return this.put(set, { ...this.get(set, key), ...changes, ...stamp });
  }

  remove(set: string, key: Row): void {
    this.version += 1;
    this.#table(set).delete(this.#id(set, key));
  }

  call(service: string, name: string, { Order }: Row): Row | readonly Row[] {
    if (name === 'GetPDF') return { Binary: Buffer.from(`${service} ${String(Order)}`).toString('base64') };
    return [{ MessageType: 'S', Message: `Order ${String(Order)} released` }];
  }

  takeMessages() {
    return this.#messages.splice(0);
  }

  #messages: { code: string; message: string; severity: 'info' | 'warning' }[] = [];

  atomically<T>(work: () => T): T {
    const before = new Map(Array.from(this.#tables, ([name, table]) => [name, new Map(table)]));
    try {
      return work();
    } catch (error) {
      this.#tables = before;
      this.version += 1;
      throw error;
    }
  }

  /** As it is given, the rest blank. */
  put(set: string, row: Row): Row {
    const blank = Object.fromEntries(this.#set(set).properties.map(({ name, type }) => [name, BLANK[type]]));
    const whole = { ...blank, ...row };
    this.version += 1;
    this.#table(set).set(this.#id(set, whole), whole);
    return whole;
  }

  #stamp(): Row {
    return { ChangedAt: `2026-01-31T10:33:${String(this.version % 60).padStart(2, '0')}.1230000Z` };
  }

  #id(set: string, row: Row): string {
    return this.#set(set)
      .keys.map((name) => String(row[name]))
      .join('/');
  }

  #table(set: string): Map<string, Row> {
    return this.#tables.get(set) ?? new Map<string, Row>();
  }

  #set(set: string): EntitySet {
    return SERVICE.sets.find(({ name }) => name === set) ?? ORDERS;
  }
}
