/** An invoice as SAP prints it. The function gives it as text in base 64, inside of a property that differs between releases. */
import { refusal, strange } from './faults.ts';
import { isObject } from './fields.ts';
import { text } from './literals.ts';
import { type Context, rootOf, systemQuery } from './system.ts';

const BASE64 = /^[A-Za-z0-9+/\r\n]+={0,2}\s*$/;

/** @throws ExternalError, REJECTED for one that is not there or is none of billing */
export async function invoicePdf(
  context: Context,
  { stream, externalId }: { readonly stream: string; readonly externalId: string },
): Promise<Uint8Array> {
  if (stream !== 'invoices' || !/^\w{1,10}$/.test(externalId))
    throw refusal('SAP prints documents of billing only, and this one is none.');
  const { body } = await context.http.get(`${rootOf('billing')}/GetPDF`, {
    query: { ...systemQuery(context), BillingDocument: text(externalId) },
  });
  const found = textsIn(isObject(body) ? body['d'] : undefined).find((one) => one.length > 20 && BASE64.test(one));
  const bytes = found === undefined ? null : Buffer.from(found, 'base64');
  if (bytes?.subarray(0, 5).toString('latin1') === '%PDF-') return new Uint8Array(bytes);
  throw strange(`The answer to GetPDF of ${externalId} has no PDF in it.`);
}

function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (Array.isArray(value)) return value.flatMap(textsIn);
  return isObject(value) ? Object.values(value).flatMap(textsIn) : [];
}
