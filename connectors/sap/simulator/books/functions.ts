/** Function imports: what a service lets others do beyond rows, and the messages that they give back. */
import type { Row } from '../model.ts';
import { billingItems, billingOf } from './billing-rows.ts';
import { cancelBilling } from './billing-corrections.ts';
import { type Context, textOf } from './context.ts';
import { itemsOf, pickAllItems, postGoodsIssue, reverseGoodsIssue } from './goods-issue.ts';
import { pdfOf } from './pdf.ts';
import { notFound, shown } from './refusals.ts';
import type { Values } from './table.ts';

type Called = (context: Context, parameters: Row) => readonly Row[] | Row;

const FUNCTIONS: Readonly<Record<string, Called>> = {
  PickAllItems: (context, { DeliveryDocument }) => {
    pickAllItems(context, String(DeliveryDocument));
    return itemsOf(context, String(DeliveryDocument)).map((item) => picking(item, { number: '400', type: 'S' }));
  },
  PostGoodsIssue: (context, { DeliveryDocument }) => {
    postGoodsIssue(context, String(DeliveryDocument));
    return [];
  },
  ReverseGoodsIssue: (context, { DeliveryDocument }) => {
    reverseGoodsIssue(context, String(DeliveryDocument));
    return [];
  },
  Cancel: (context, { BillingDocument }) => {
    const cancellation = cancelBilling(context, String(BillingDocument));
    return [
      {
        ...message('VF', '311', 'S'),
        BillingDocument: String(BillingDocument),
        CancellationBillingDocument: textOf(cancellation, 'BillingDocument'),
        SystemMessageText: `Document ${shown(textOf(cancellation, 'BillingDocument'))} has been saved.`,
      },
    ];
  },
  GetPDF: (context, { BillingDocument }) => ({
    BillingDocumentBinary: Buffer.from(printOf(context, String(BillingDocument))).toString('base64'),
  }),
};

export function callFunction(context: Context, name: string, parameters: Row): readonly Row[] | Row {
  const called = FUNCTIONS[name];
  if (called === undefined) throw notFound(name);
  return called(context, parameters);
}

const message = (code: string, number: string, type: string) => ({
  SystemMessageIdentification: code,
  SystemMessageNumber: number,
  SystemMessageType: type,
  SystemMessageVariable1: '',
  SystemMessageVariable2: '',
  SystemMessageVariable3: '',
  SystemMessageVariable4: '',
});

const picking = (item: Row, { number, type }: { readonly number: string; readonly type: string }): Row => ({
  ...message('VLPP', number, type),
  Batch: '',
  DeliveryQuantityUnit: textOf(item, 'DeliveryQuantityUnit'),
  ActualDeliveryQuantity: textOf(item, 'ActualDeliveryQuantity'),
  DeliveryDocumentItemText: textOf(item, 'DeliveryDocumentItemText'),
  Material: textOf(item, 'Material'),
  DeliveryDocumentItem: textOf(item, 'DeliveryDocumentItem'),
  DeliveryDocument: textOf(item, 'DeliveryDocument'),
});

function printOf(context: Context, BillingDocument: string): Uint8Array {
  const billing = billingOf(context, BillingDocument);
  const text = (name: string): string => textOf(billing, name);
  const payer = context.store.get('A_Customer', { Customer: text('PayerParty') });
  const title =
    text('SDDocumentCategory') === 'M' ? 'Invoice' : text('SDDocumentCategory') === 'O' ? 'Credit memo' : 'Cancellation';
  const line = (item: Values): string =>
    `${String(item.BillingDocumentItem)}  ${String(item.BillingDocumentItemText)}  ${String(item.BillingQuantity)} ${String(item.BillingQuantityUnit)}  ${String(item.NetAmount)}`;
  return pdfOf([
    context.company(text('CompanyCode')).name,
    `${title} ${shown(BillingDocument)} of ${text('BillingDocumentDate')}`,
    `To ${payer === undefined ? shown(text('PayerParty')) : textOf(payer, 'CustomerName')}`,
    '',
    ...billingItems(context, BillingDocument).map(line),
    '',
    `Net ${text('TotalNetAmount')}  Tax ${text('TaxAmount')}  Total ${text('TotalGrossAmount')} ${text('TransactionCurrency')}`,
  ]);
}
