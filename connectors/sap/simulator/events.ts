/** Tells a receiver what has happened: one CloudEvent at a time. Events name the object and never say what is in it. */
import { randomUUID } from 'node:crypto';
import { EventSender } from '../../../src/connect/simulating/index.ts';
import type { SapBooks, SapChange } from './books/index.ts';

export interface EventSenderOptions {
  readonly books: SapBooks;
  /** Sent as a bearer token: how events prove themselves is up to the broker between the two. */
  readonly secret: string;
  /** As in `source`. */
  readonly system?: string;
}

/** Objects that the system tells of; products and all deletions are not among them. */
const TYPES: Readonly<Partial<Record<SapChange['object'], string>>> = {
  BusinessPartner: 'sap.s4.beh.businesspartner.v1.BusinessPartner',
  SalesOrder: 'sap.s4.beh.salesorder.v1.SalesOrder',
  OutboundDelivery: 'sap.s4.beh.outbounddelivery.v1.OutboundDelivery',
  BillingDocument: 'sap.s4.beh.billingdocument.v1.BillingDocument',
  JournalEntry: 'sap.s4.beh.journalentry.v1.JournalEntry',
};

export function eventSender({ books, secret, system = 'S4HCLNT100' }: EventSenderOptions): EventSender<SapChange> {
  const source = `/default/sap.s4.beh/${system}`;
  const headers = { 'content-type': 'application/cloudevents+json; charset=utf-8', authorization: `Bearer ${secret}` };
  const sender = new EventSender<SapChange>(([change]) => ({
    headers,
    body: change === undefined ? '' : JSON.stringify(eventOf(source, change)),
  }));
  books.onChange((changes) =>
    sender.send(changes.filter(({ object, what }) => TYPES[object] !== undefined && what !== 'Deleted')),
  );
  return sender;
}

const eventOf = (source: string, { object, what, key, at }: SapChange) => ({
  type: `${TYPES[object] ?? ''}.${what}.v1`,
  specversion: '1.0',
  source,
  id: randomUUID(),
  time: `${at.slice(0, 19)}Z`,
  datacontenttype: 'application/json',
  data: key,
});
