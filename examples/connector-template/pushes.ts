/** What is written. The ERP knows each request again by its key, and keeps our reference with the record. */
import type { CanonicalKind, JsonObject, Push, PushRequest, PushResult } from 'cashgraph/connector';
import { type ErpRecord, sourceRecord } from './client.ts';
import { customer, invoice, payment } from './mapping.ts';
import type { Config } from './streams.ts';

type Body<K extends CanonicalKind> = (request: PushRequest<K>) => JsonObject;

function pushTo<K extends CanonicalKind>(set: string, body: Body<K>): Pick<Push<Config, K>, 'stream' | 'find' | 'send'> {
  return {
    stream: set,
    async find({ http }, { command, ours }) {
      // a change that is sent again is known by its key
      if (command !== 'CREATE') return null;
      const found = await http.get(`/${set}`, { query: { reference: ours } });
      const [record] = (found.body as { readonly items: readonly ErpRecord[] }).items;
      return record ? sourceRecord(record) : null;
    },
    async send({ http }, request): Promise<PushResult> {
      const { command, known, key, ours } = request;
      const headers = { 'idempotency-key': key, ...(known?.version ? { 'if-match': known.version } : {}) };
      const options = { headers, isRepeatable: true };
      const at = `/${set}/${encodeURIComponent(known?.externalId ?? '')}`;
      const answer =
        command === 'CREATE'
          ? await http.post(`/${set}`, { ...options, body: { ...body(request), reference: ours } })
          : command === 'UPDATE'
            ? await http.patch(at, { ...options, body: body(request) })
            : await http.post(`${at}/void`, options);
      return { record: sourceRecord(answer.body as ErpRecord) };
    },
  };
}

const written = (command: PushRequest['command']) => (command === 'CREATE' ? 'CREATE' : 'UPDATE');

const customers: Push<Config, 'Customer'> = {
  ...pushTo<'Customer'>('customers', ({ document, command }) => customer.write(document, written(command))),
  kind: 'Customer',
  commands: ['CREATE', 'UPDATE'],
};
const invoices: Push<Config, 'Invoice'> = {
  ...pushTo<'Invoice'>('invoices', ({ document, command }) => invoice.write(document, written(command))),
  kind: 'Invoice',
  commands: ['CREATE', 'VOID'],
};
const payments: Push<Config, 'Payment'> = {
  ...pushTo<'Payment'>('payments', ({ document, command }) => payment.write(document, written(command))),
  kind: 'Payment',
  commands: ['CREATE', 'VOID'],
};

export const pushes = [customers, invoices, payments] as const;
