/** New orders: whose they are, of which day and in which currency. Pure. */
import { personOf } from '../../access/principal.ts';
import { drawn } from '../../kernel/drawn-number.ts';
import { DomainError } from '../../kernel/errors.ts';
import type { CommandContext } from '../../write/command.ts';
import { rateOf } from '../catalogue/index.ts';
import { seriesKey, todayIn } from '../party/index.ts';
import type { OrderRow } from './line-amounts.rules.ts';
import { linesOf, type LineWanted } from './new-line.rules.ts';
import { OrderBook } from './order-book.rules.ts';
import { type Placing, requireMayPrice } from './placing.rules.ts';
import { referenceKeyOf } from './reference.rules.ts';

/** Fields that say how it is wanted; absent: as they are, null: cleared. */
export interface FieldsWanted {
  readonly customerReference?: string | null | undefined;
  readonly requestedOn?: string | null | undefined;
  readonly shipToName?: string | null | undefined;
  readonly shipToAddress?: string | null | undefined;
  readonly shipToCountry?: string | null | undefined;
  readonly shipToRegion?: string | null | undefined;
}

export interface OrderWanted extends FieldsWanted {
  readonly accountId: string;
  readonly lines: readonly LineWanted[];
  readonly currency?: string | undefined;
  readonly orderedOn?: string | undefined;
  readonly paymentTermsId?: string | undefined;
}

/** @throws INVALID_INPUT, EFFECTIVE_DATE_INVALID that name the field */
export function fieldsOf(wanted: FieldsWanted, before: Pick<OrderRow, keyof FieldsWanted | 'orderedOn'>) {
  const after = <K extends keyof FieldsWanted>(field: K) => (wanted[field] === undefined ? before[field] : wanted[field]) ?? null;
  const requestedOn = after('requestedOn');
  if (requestedOn !== null && requestedOn < before.orderedOn) {
    throw new DomainError('EFFECTIVE_DATE_INVALID', `requestedOn must not be before ${before.orderedOn}, the day of the order.`, {
      path: ['requestedOn'],
    });
  }
  const customerReference = after('customerReference');
  return {
    customerReference,
    referenceKey: referenceKeyOf(customerReference),
    requestedOn,
    shipToName: after('shipToName'),
    shipToAddress: after('shipToAddress'),
    shipToCountry: after('shipToCountry'),
    shipToRegion: after('shipToRegion'),
  };
}

const NO_FIELDS = {
  customerReference: null,
  requestedOn: null,
  shipToName: null,
  shipToAddress: null,
  shipToCountry: null,
  shipToRegion: null,
} as const;

/** A draft of an order with its lines. @throws refusals that name the field */
export function newOrder(context: CommandContext, placing: Placing, wanted: OrderWanted): OrderBook {
  const account = placing.accounts.get(wanted.accountId);
  const entity = account && placing.entities.get(account.legalEntityId);
  const seriesId = account && placing.series.get(seriesKey(account.legalEntityId, 'ORDER'));
  if (!account || !entity || !seriesId) throw new DomainError('NOT_FOUND', 'There is no such account.', { path: ['accountId'] });
  const orderedOn = orderedOnOf(context, placing, { legalEntityId: entity.id, wanted });
  const paymentTermsId = termsOf(context, placing, { legalEntityId: entity.id, wanted, usual: account.paymentTermsId });
  const id = context.newId();
  const currency = wanted.currency ?? account.currency;
  const { groupCurrency } = context.tenant;
  const person = personOf(context.principal);
  const order: OrderRow = {
    id,
    tenantId: context.tenant.id,
    legalEntityId: entity.id,
    accountId: account.id,
    origin: 'PLACED',
    lifecycle: 'DRAFT',
    ...NOTHING_DONE,
    number: drawn(seriesId, { slot: id }, 'TEXT') as unknown as string, // filled in when it is written
    ...fieldsOf(wanted, { ...NO_FIELDS, orderedOn }),
    orderedOn,
    paymentTermsId,
    billingRule: account.billingRule ?? entity.billingRule,
    creditStage: entity.creditStage,
    currency,
    baseCurrency: entity.functionalCurrency,
    groupCurrency,
    rate: rateOf(placing.rates, currency, entity.functionalCurrency, orderedOn),
    groupRate: rateOf(placing.rates, currency, groupCurrency, orderedOn),
    placedById: person,
    lastEditorId: person,
    createdAt: context.now,
  };
  const lines = linesOf(context, placing, { order, wanted: wanted.lines, at: 'lines', first: 1 });
  return new OrderBook({ order, lines, holds: [] }, true);
}

/** What every order begins with. */
export const NOTHING_DONE = {
  fulfilmentStatus: 'NONE',
  billingStatus: 'NONE',
  returnStatus: 'NONE',
  openHoldCount: 0,
  netMinor: 0n,
  taxMinor: 0n,
  totalMinor: 0n,
  billedMinor: 0n,
  creditedMinor: 0n,
  unbilledMinor: 0n,
  releasedVersion: null,
  releasedMinor: null,
  contentVersion: 1,
  confirmedAt: null,
  closedAt: null,
  closeReason: null,
  version: 1,
} as const;

interface OfEntity {
  readonly legalEntityId: string;
  readonly wanted: OrderWanted;
}

/** Prices and taxes are those of the day, so another day than today is a price by hand. */
function orderedOnOf(context: CommandContext, placing: Placing, { legalEntityId, wanted }: OfEntity): string {
  const today = todayIn(placing, legalEntityId, context.now);
  const on = wanted.orderedOn ?? today;
  if (on === today) return today;
  if (on > today) {
    throw new DomainError('EFFECTIVE_DATE_INVALID', `Today is ${today}; an order can't be of a later day.`, {
      path: ['orderedOn'],
    });
  }
  requireMayPrice(context, legalEntityId, ['orderedOn']);
  return on;
}

function termsOf(
  context: CommandContext,
  placing: Placing,
  { legalEntityId, wanted, usual }: OfEntity & { readonly usual: string | null },
): string | null {
  const { paymentTermsId } = wanted;
  if (paymentTermsId === undefined || paymentTermsId === usual) return usual;
  requireMayPrice(context, legalEntityId, ['paymentTermsId']);
  if (placing.terms.has(paymentTermsId)) return paymentTermsId;
  throw new DomainError('NOT_FOUND', 'There are no such payment terms.', { path: ['paymentTermsId'] });
}
