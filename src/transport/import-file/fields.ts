/** What each kind of file can hold, in our words: the fields, how they are read, and the headers that are understood without a mapping. */

export const KINDS = ['customers', 'open-invoices', 'settled-invoices', 'payments'] as const;
export type Kind = (typeof KINDS)[number];

export type FieldType = 'text' | 'date' | 'amount' | 'currency' | 'days';

export interface Field {
  readonly name: string;
  readonly type: FieldType;
  readonly isRequired: boolean;
  /** Characters, for texts. */
  readonly max: number;
  /** Other headers that mean it, written without capitals, blanks and signs. */
  readonly aliases: readonly string[];
}

interface More {
  readonly type?: FieldType;
  readonly isRequired?: boolean;
  readonly max?: number;
}

const field = (name: string, aliases = '', { type = 'text', isRequired = false, max = 255 }: More = {}): Field => ({
  name,
  type,
  isRequired,
  max,
  aliases: aliases.split(' ').filter((alias) => alias !== ''),
});

const customer = field('customer', 'customernumber customerid customerno custnumber custno accountnumber debtor', {
  isRequired: true,
  max: 40,
});
const amount = field('amount', 'totalamount invoiceamount openamount totalopenamount paidamount', {
  type: 'amount',
  isRequired: true,
});
const currency = field('currency', 'currencycode invoicecurrency documentcurrency', { type: 'currency' });
const reference = field('reference', 'customerreference ponumber remittance paymentreference', { max: 140 });

const invoice = [
  customer,
  field('customerName', 'customername namecustomer'),
  field('number', 'invoicenumber invoiceno invoiceid docid documentnumber', { max: 60 }),
  field('issuedOn', 'issuedate invoicedate documentdate documentcreatedate', { type: 'date' }),
  field('dueOn', 'duedate dueindate', { type: 'date' }),
  amount,
  currency,
  reference,
  field('terms', 'paymentterms paymenttermscode custpaymentterms', { max: 20 }),
];

const FIELDS: Readonly<Record<Kind, readonly Field[]>> = {
  customers: [
    field('number', 'customer customernumber customerid customerno custnumber', { isRequired: true, max: 40 }),
    field('name', 'customername namecustomer', {}),
    field('country', 'countrycode', { max: 2 }),
    field('segment', '', { max: 60 }),
    field('taxId', 'vatid vatnumber taxnumber', { max: 40 }),
    field('email', 'mail emailaddress', { max: 254 }),
    currency,
  ],
  'open-invoices': invoice,
  'settled-invoices': [
    ...invoice,
    field('settledOn', 'settleddate cleardate clearingdate paiddate paidon paymentdate', { type: 'date' }),
    field('daysLate', 'dayslate', { type: 'days' }),
  ],
  payments: [
    customer,
    field('customerName', 'customername namecustomer'),
    field('number', 'paymentnumber paymentno paymentid', { max: 60 }),
    field('receivedOn', 'receiveddate paymentdate valuedate cleardate date', { type: 'date', isRequired: true }),
    amount,
    currency,
    reference,
    field('invoice', 'invoicenumber invoiceno', { max: 60 }),
    field('method', 'paymentmethod', { max: 20 }),
  ],
};

/**
 * The fields that a row of this kind lacks. Of due day, settled day and days late, two are enough; the currency of a customer's
 * account can be that of the books, and the issue date can be counted back.
 */
export function missingFields(kind: Kind, has: (name: string) => boolean, countsIssueDate: boolean): readonly string[] {
  const isInvoice = kind === 'open-invoices' || kind === 'settled-invoices';
  const isSettled = kind === 'settled-invoices';
  return [
    ...FIELDS[kind].filter(({ name, isRequired }) => isRequired && !has(name)).map(({ name }) => name),
    ...(isInvoice && !has('dueOn') && !(isSettled && has('settledOn') && has('daysLate')) ? ['dueOn'] : []),
    ...(isSettled && !has('settledOn') && !(has('dueOn') && has('daysLate')) ? ['settledOn'] : []),
    ...(isInvoice && !has('issuedOn') && !countsIssueDate ? ['issuedOn'] : []),
    ...(kind !== 'customers' && !has('currency') ? ['currency'] : []),
  ];
}

export const fieldsOf = (kind: Kind): readonly Field[] => FIELDS[kind];

/** `Due Date`, `due_date` and `dueDate` are one. @example plainHeader('Due Date') // 'duedate' */
export const plainHeader = (text: string): string => text.toLowerCase().replace(/[^a-z0-9]/g, '');
