/** What all writes have in common: where they go, which fields this release takes, and refusals in words. */
import { ExternalError, type JsonObject, MappingError, type PushRequest } from '../../src/connect/index.ts';
import { accountIn } from './companies.ts';
import { refusal } from './faults.ts';
import { text } from './literals.ts';
import { neededSet, type Context, type ServiceName } from './system.ts';
import type { SalesArea } from './settings.ts';
import { readPage } from './query.ts';

/** Where customers and orders of a company are made. @throws ExternalError REJECTED where the settings don't say */
export function salesAreaOf({ config }: Context, company: string): SalesArea {
  const area = config.salesAreas.find((one) => one.companyCode === company);
  if (area) return area;
  throw refusal(`Nothing can be made in company ${company}: name its sales area in the setting salesAreas.`);
}

export function accountOf(id: string): { readonly customer: string; readonly company: string } {
  const account = accountIn(id);
  if (account) return account;
  throw refusal(`The customer ${id} is no account with a company of SAP.`);
}

/** A value that SAP can't hold is a refusal like its own. */
export async function inWords<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof MappingError) throw refusal(error.message);
    throw error;
  }
}

export function knownId({ known, command }: PushRequest): string {
  if (known === null) throw refusal(`SAP has no such record yet, so it can't be asked for ${command}.`);
  return known.externalId;
}

/** The fields of a new row that this release takes; those that are lists go with it. */
export async function creatable(
  context: Context,
  at: { service: ServiceName; set: string },
  body: JsonObject,
): Promise<JsonObject> {
  const { fields } = await neededSet(context, at.service, at.set);
  return Object.fromEntries(
    Object.entries(body).filter(([name]) => name.startsWith('to_') || fields.get(name)?.isCreatable === true),
  );
}

/**
 * The field that holds our reference must be there and must be searchable: without it a lost answer could make a record twice.
 * @throws ExternalError REJECTED that names the setting
 */
export async function needReference(
  context: Context,
  at: { service: ServiceName; set: string; field: string; setting: string },
): Promise<void> {
  const field = (await neededSet(context, at.service, at.set)).fields.get(at.field);
  if (field?.isFilterable === true && field.isCreatable) return;
  throw refusal(
    `${at.set} has no field ${at.field} that can be written and searched: name another one in the setting ${at.setting}.`,
  );
}

/** The keys of rows that carry it. */
export async function carrying(
  context: Context,
  at: { service: ServiceName; set: string; field: string; keys: readonly string[] },
  reference: string,
): Promise<readonly JsonObject[]> {
  const filter = `${at.field} eq ${text(reference)}`;
  const { rows } = await readPage(context, at.service, {
    set: at.set,
    fields: [...at.keys, at.field],
    filter,
    orderBy: at.keys.join(','),
    top: 10,
  });
  return rows;
}

/** It was deleted there meanwhile. */
export const gone = (what: string): ExternalError => refusal(`${what} is not in SAP any more.`);
