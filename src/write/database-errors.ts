/** Postgres errors as DomainErrors: one table by constraint name and SQLSTATE. A text of Postgres never reaches a user. */
import { DomainError, type ErrorCode, isDomainError } from '../kernel/errors.ts';

interface Row {
  readonly code: ErrorCode;
  readonly message: string;
}

const BY_CONSTRAINT: Readonly<Record<string, Row>> = {
  customer_number_unique: {
    code: 'ALREADY_EXISTS',
    message: 'A customer with this number exists already. Use another number, or update that customer.',
  },
  customer_account_number_unique: {
    code: 'ALREADY_EXISTS',
    message: 'This legal entity has an account with this number already.',
  },
  customer_alias_unique: { code: 'ALREADY_EXISTS', message: 'This customer has that name already.' },
  payment_terms_code_unique: { code: 'ALREADY_EXISTS', message: 'Payment terms with this code exist already.' },
  product_sku_unique: {
    code: 'ALREADY_EXISTS',
    message: 'A product with this SKU exists already. Use another SKU, or update that product.',
  },
  price_list_code_unique: { code: 'ALREADY_EXISTS', message: 'A price list with this code exists already.' },
  price_list_one_default: {
    code: 'ALREADY_EXISTS',
    message: 'There is a default price list of this currency already. Set prices in it, or leave out isDefault.',
  },
  price_list_item_unique: {
    code: 'ALREADY_EXISTS',
    message:
      'The list has a price of this product from this quantity and day already, and orders may have used it. Set the new one from a later day.',
  },
  customer_price_unique: {
    code: 'ALREADY_EXISTS',
    message:
      'A price of this product from this quantity and day is agreed with the customer already, and orders may have used it. Agree the new one from a later day.',
  },
  tax_rule_unique: {
    code: 'ALREADY_EXISTS',
    message:
      'The tax table has this row from this day already, and documents may have used it. Set the new one from a later day.',
  },
  logistics_provider_code_unique: { code: 'ALREADY_EXISTS', message: 'A logistics provider with this code exists already.' },
  connection_code_unique: { code: 'ALREADY_EXISTS', message: 'A connection with this code exists already.' },
  connection_legal_entity_once: {
    code: 'ALREADY_EXISTS',
    message: 'Another connection serves one of these legal entities already: each is served by one at most.',
  },
  legal_entity_code_unique: { code: 'ALREADY_EXISTS', message: 'A legal entity with this code exists already.' },
  actor_subject_unique: { code: 'ALREADY_EXISTS', message: 'An actor with this issuer and subject exists already.' },
  actor_role_unique: { code: 'ALREADY_EXISTS', message: 'The actor has this role there already.' },
  actor_customer_unique: { code: 'ALREADY_EXISTS', message: 'The actor stands for this customer already.' },
  forbidden_pair_unique: { code: 'ALREADY_EXISTS', message: 'These two permissions are a forbidden pair already.' },
  validation_rule_code_unique: { code: 'ALREADY_EXISTS', message: 'A validation rule with this code exists already.' },
  approval_one_open: { code: 'ALREADY_EXISTS', message: 'This is asked for already, and waits for a second person.' },
  exchange_rate_day_unique: {
    code: 'ALREADY_EXISTS',
    message: 'There is a rate for these currencies and this day already; documents keep the rate they were made with.',
  },
  invoice_number_ours: { code: 'ALREADY_EXISTS', message: 'This legal entity has an invoice with this number already.' },
  credit_note_number_unique: { code: 'ALREADY_EXISTS', message: 'This legal entity has a credit note with this number already.' },
  payment_number_unique: { code: 'ALREADY_EXISTS', message: 'This legal entity has a payment with this number already.' },
  idempotency_pk: { code: 'CONFLICT_RETRY', message: 'Another request with this key was done at the same time. Try again.' },
  external_ref_unique: { code: 'ALREADY_EXISTS', message: 'This external id is known already.' },
  journal_entry_reversed_once: { code: 'WRONG_STATE', message: 'This was reversed already.' },
  allocation_reversed_once: { code: 'WRONG_STATE', message: 'This allocation was reversed already.' },
  tracking_event_unique: { code: 'ALREADY_EXISTS', message: 'This report was recorded for another fulfilment.' },
  erp_record_link_unique: {
    code: 'CONFLICT_RETRY',
    message: 'The record belongs to another record of that ERP already. Try again.',
  },
  open_item_within: { code: 'OVER_ALLOCATION', message: 'This would allocate more than is open.' },
  journal_entry_period_open: {
    code: 'PERIOD_CLOSED',
    message: 'The books of this legal entity are closed on that day. Use a later effective date.',
  },
};

const BY_STATE: Readonly<Record<string, Row>> = {
  '40001': { code: 'CONFLICT_RETRY', message: 'Others changed the same records at once. Try again.' },
  '40P01': { code: 'CONFLICT_RETRY', message: 'Others changed the same records at once. Try again.' },
  '26000': { code: 'CONFLICT_RETRY', message: 'The database has forgotten what was prepared. Try again.' },
  '55P03': { code: 'CONFLICT_RETRY', message: 'Others hold the same records. Try again.' },
  '57014': { code: 'TIMEOUT', message: 'This took longer than a transaction may. Do less at once.' },
  '25P03': { code: 'UNAVAILABLE', message: 'The server stood still in the middle of it, and nothing was done. Try again.' },
  '57P01': { code: 'UNAVAILABLE', message: 'The database is restarting. Try again.' },
  '57P02': { code: 'UNAVAILABLE', message: 'The database is restarting. Try again.' },
  '57P03': { code: 'UNAVAILABLE', message: 'The database is starting. Try again.' },
  '55000': { code: 'UNAVAILABLE', message: 'The database takes no connections at the moment. Try again.' },
  '53300': { code: 'UNAVAILABLE', message: 'The database has no free connection. Try again.' },
  '23503': { code: 'NOT_FOUND', message: 'Something that this refers to does not exist.' },
  '22003': { code: 'AMOUNT_INVALID', message: 'An amount or quantity is too large.' },
};

const CONNECTION_LOST =
  /ECONNREFUSED|ECONNRESET|EPIPE|ENOENT|ERR_STREAM|Connection terminated|Client has encountered a connection error|Client was closed|connection timeout|timeout exceeded when trying to connect|Query read timeout/i;

interface Raw {
  readonly code?: unknown;
  readonly constraint?: unknown;
  readonly routine?: unknown;
  readonly message?: unknown;
  readonly cause?: unknown;
}

/** The DomainError for anything that the database threw; what it doesn't know comes back as it is, to be masked as INTERNAL. */
export function translateDatabaseError(error: unknown): unknown {
  if (isDomainError(error) || typeof error !== 'object' || error === null) return error;
  const raw = error as Raw;
  const row =
    (raw.routine === 'RevalidateCachedQuery' ? BY_STATE['26000'] : undefined) ??
    (typeof raw.constraint === 'string' ? BY_CONSTRAINT[raw.constraint] : undefined) ??
    (typeof raw.code === 'string' ? BY_STATE[raw.code] : undefined);
  if (row) return new DomainError(row.code, row.message, { cause: error });
  if (typeof raw.code === 'string' && raw.code.startsWith('08')) return lost(error);
  if (CONNECTION_LOST.test(`${String(raw.code)} ${String(raw.message)}`)) return lost(error);
  return raw.cause && raw.cause !== error
    ? isDomainError(translateDatabaseError(raw.cause))
      ? translateDatabaseError(raw.cause)
      : error
    : error;
}

const lost = (cause: unknown) =>
  new DomainError(
    'UNAVAILABLE',
    'The connection to the database was lost. Ask again with the same idempotency key: it is then done once.',
    { cause },
  );

/** The commit was sent and not answered: whether it was done only the keys tell. An answer of the database itself says that it was not. */
export function commitUnanswered(error: unknown): never {
  const translated = translateDatabaseError(error);
  if (isDomainError(translated)) throw translated;
  throw typeof (error as Raw).code === 'string' && /^[0-9A-Z]{5}$/.test((error as { code: string }).code) ? error : lost(error);
}
