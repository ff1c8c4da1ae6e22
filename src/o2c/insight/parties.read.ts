/** The columns that several reports begin with: whose books, which customer, which document. */
import type { ReportColumn } from './report.read.ts';

export const idOf = (name: string, prefix: string, description: string): ReportColumn => ({
  name,
  type: 'uuid',
  prefix,
  description,
});
export const word = (name: string, description: string): ReportColumn => ({ name, type: 'text', description });
export const maybe = (column: ReportColumn): ReportColumn => ({ ...column, nullable: true });
export const dayOf = (name: string, description: string): ReportColumn => ({ name, type: 'date', description });
export const amount = (name: string, description: string): ReportColumn => ({ name, type: 'numeric', description });
export const count = (name: string, description: string): ReportColumn => ({ name, type: 'int', description });

export const currency: ReportColumn = { name: 'currency', type: 'currency', description: 'The currency of the amounts.' };
export const groupCurrency: ReportColumn = {
  name: 'group_currency',
  type: 'currency',
  description: "The group's currency: of the amounts whose names say so, at the stored rate of the document.",
};

/** An amount, and the same in the group's currency: null where there is no rate, never 0. */
export const inBoth = (name: string, description: string): readonly ReportColumn[] => [
  amount(name, description),
  maybe(amount(`${name}_group`, `The same in the group's currency, at the stored rate of its document; null: it has none.`)),
];

export const legalEntity: readonly ReportColumn[] = [
  idOf('legal_entity_id', 'le', 'The legal entity whose books it is in.'),
  word('legal_entity_code', 'Its code.'),
];

export const parties: readonly ReportColumn[] = [
  ...legalEntity,
  idOf('customer_id', 'cus', 'The customer that the account belongs to now.'),
  word('customer_number', 'Its number.'),
  word('customer_name', 'Its name.'),
  maybe(word('customer_country', 'Its country, by ISO 3166.')),
  maybe(word('customer_segment', 'Its segment.')),
  idOf('account_id', 'acc', "The customer's account with the legal entity."),
  word('account_number', 'Its number.'),
];
