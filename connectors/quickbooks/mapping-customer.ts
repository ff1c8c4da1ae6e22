/** Customers: QuickBooks has no customer numbers, knows them by a name that is theirs alone, and keeps no credit limit. */
import {
  type Assembled,
  type AssembleContext,
  amountNumber,
  bool,
  type Canonical,
  currency,
  defineMapping,
  id,
  type Json,
  text,
  type JsonObject,
} from '../../src/connect/index.ts';
import { currencyAt, given, textAt } from './fields.ts';
import { assembled } from './mapping-lists.ts';
import { readNote, writeNote } from './note.ts';
import { addressAt, writeAddress } from './place.ts';
import type { Settings } from './settings.ts';

const table = defineMapping('Customer', [
  { ours: 'name', read: 'DisplayName', write: 'DisplayName', codec: text(500) },
  { ours: 'isActive', read: 'Active', write: 'Active', codec: bool, otherwise: true },
  { ours: 'email', read: 'PrimaryEmailAddr.Address', write: 'PrimaryEmailAddr.Address', codec: text(100) },
  { ours: 'phone', read: 'PrimaryPhone.FreeFormNumber', write: 'PrimaryPhone.FreeFormNumber', codec: text(30) },
  // it can't be changed once it was used
  { ours: 'currency', write: 'CurrencyRef.value', codec: currency, only: 'CREATE' },
  { ours: 'parent', read: 'ParentRef.value', write: 'ParentRef.value', codec: id },
  { ours: 'terms', read: 'SalesTermRef.value', write: 'SalesTermRef.value', codec: id },
  { ours: 'balance', read: 'Balance', codec: amountNumber },
]);

export function assembleCustomer(
  raw: JsonObject,
  { config, functionalCurrency }: AssembleContext<Settings>,
): Assembled<'Customer'> {
  const address = addressAt(raw, 'BillAddr');
  const document = {
    ...table.read(raw),
    currency: currencyAt(raw, functionalCurrency),
    ...given({
      taxId: config.taxIdField && textAt(raw, config.taxIdField),
      country: address?.country,
      region: address?.region,
      address,
    }),
  };
  const mapped = ['CurrencyRef', 'FullyQualifiedName', 'BillAddr', ...(config.taxIdField ? [config.taxIdField] : [])];
  return assembled(raw, { document, tables: [table], mapped, ours: readNote(textAt(raw, 'Notes')).ours });
}

/** The fields that the platform sets. */
export function splitCustomer(
  document: Canonical<'Customer'>,
  { settings, command }: { settings: Settings; command: 'CREATE' | 'UPDATE' },
): JsonObject {
  const { taxId, country, region, parent, address } = document;
  const place = writeAddress(given({ ...address, country: address?.country ?? country, region: address?.region ?? region }));
  const more: Record<string, Json | undefined> = {
    BillAddr: Object.keys(place).length === 0 ? undefined : place,
    Job: parent === undefined ? undefined : true,
    ...(settings.taxIdField ? { [settings.taxIdField]: taxId } : {}),
  };
  return { ...table.write(document, command), ...given(more) } as JsonObject;
}

/** Our id stands behind what people noted. */
export const customerNotes = (existing: string | undefined, ours: string): string =>
  writeNote({ ...given({ text: readNote(existing).text }), ours });
