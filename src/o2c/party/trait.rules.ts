/** What of a customer is compared with others: made from what it is called and what ERPs say of its accounts. Pure. */
import type { CommandContext, RowChange, RowOf } from '../../write/command.ts';
import { companyName } from './company-name.rules.ts';
import {
  addressText,
  bankAccountEnd,
  bankAccountKey,
  emailAddresses,
  phoneKey,
  postalAddress,
  type ShownAddress,
  shownAddress,
} from './contact.rules.ts';
import { taxId, taxIdText } from './tax-id.rules.ts';
import type { CustomerTrait, TraitKind } from './trait.entity.ts';

export type TraitRow = RowOf<typeof CustomerTrait>;
export type Trait = Pick<TraitRow, 'kind' | 'value' | 'shown'>;

const TEXT_MAX_CHARS = 300;
/** As many letters of a word as typing mistakes seldom reach. */
const WORD_START_CHARS = 3;

const trait = (kind: TraitKind, value: string, shown: string): Trait => ({
  kind,
  value: value.slice(0, TEXT_MAX_CHARS),
  shown: shown.slice(0, TEXT_MAX_CHARS),
});

/** Of a name: the whole, and each of its words. */
export function nameTraits(name: string): readonly Trait[] {
  const { tokens } = companyName(name);
  if (tokens.length === 0) return [];
  return [trait('NAME', tokens.join(' '), name), ...[...new Set(tokens)].map((word) => trait('NAME_WORD', word, word))];
}

export interface OwnDetails {
  readonly name: string;
  readonly country: string | null;
  readonly taxId: string | null;
  readonly email: string | null;
}

/** Of what a customer says itself. */
export function ownTraits({ name, country, taxId: registered, email }: OwnDetails): readonly Trait[] {
  const id = registered === null ? null : taxId(registered, country);
  const addresses = email === null ? [] : emailAddresses(email);
  const domains = new Set(addresses.flatMap(({ domain }) => domain ?? []));
  return [
    ...nameTraits(name),
    ...(id && registered !== null ? [trait('TAX_ID', taxIdText(id), registered)] : []),
    ...addresses.map(({ address }) => trait('EMAIL', address, address)),
    ...[...domains].map((domain) => trait('EMAIL_DOMAIN', domain, domain)),
  ];
}

export interface AccountDetails {
  readonly name: string;
  readonly country?: string | undefined;
  readonly address?: ShownAddress | undefined;
  readonly phone?: string | undefined;
  readonly bankAccounts?: readonly string[] | undefined;
}

/** Of what an ERP says beside of an account. */
export function accountTraits(context: CommandContext, details: AccountDetails): readonly Trait[] {
  const { name, country, address, phone, bankAccounts = [] } = details;
  const place = address && postalAddress({ ...address, country: address.country ?? country });
  const number = phone === undefined ? null : phoneKey(phone);
  const starts = new Set(companyName(name).tokens.map((word) => word.slice(0, WORD_START_CHARS)));
  return [
    ...(place && address ? [trait('ADDRESS', addressText(place), shownAddress(address))] : []),
    ...(place && place.postalCode !== ''
      ? [...starts].map((start) => trait('PLACE_WORD', `${place.country} ${place.postalCode} ${start}`, start))
      : []),
    ...(number === null || phone === undefined ? [] : [trait('PHONE', number, phone)]),
    ...[...new Set(bankAccounts.flatMap((text) => bankAccountKey(text) ?? []))].flatMap((key) =>
      // with each key that there is: one that is new must not hide who was the same with the one before
      context.digests(key, 'bank account').map((digest) => trait('BANK_ACCOUNT', digest, bankAccountEnd(key))),
    ),
  ];
}

interface Whose {
  readonly customerId: string;
  readonly accountId: string | null;
}

const keyOf = ({ kind, value }: Pick<Trait, 'kind' | 'value'>) => `${kind} ${value}`;
const isOfName = ({ kind }: Pick<Trait, 'kind'>) => kind === 'NAME' || kind === 'NAME_WORD';

/**
 * From those that are kept of the customer's own, or of one account, to those that hold now; the customer is to be compared again
 * where any is new. Own names stay: it is still known by them.
 */
export function traitRows(
  context: CommandContext,
  { customerId, accountId }: Whose,
  { held, now }: { readonly held: readonly TraitRow[]; readonly now: readonly Trait[] },
): readonly RowChange[] {
  const before = new Map(held.map((one) => [keyOf(one), one]));
  const after = new Map(now.map((one) => [keyOf(one), one]));
  const { id: tenantId } = context.tenant;
  const made = [...after].flatMap(([key, { kind, value, shown }]): RowChange[] => {
    if (before.has(key)) return [];
    const values = { id: context.newId(), tenantId, customerId, accountId, kind, value, shown };
    return [{ op: 'insert', entity: 'CustomerTrait', values }];
  });
  const gone = [...before].flatMap(([key, one]): RowChange[] => {
    if (after.has(key) || (accountId === null && isOfName(one))) return [];
    return [{ op: 'delete', entity: 'CustomerTrait', id: one.id, owner: { tenantId } }];
  });
  if (made.length === 0 && gone.length === 0) return [];
  return [...gone, ...made, toCompare(context, customerId)];
}

export const toCompare = (context: CommandContext, customerId: string): RowChange => ({
  op: 'insert',
  entity: 'CustomerToCompare',
  values: { id: context.newId(), tenantId: context.tenant.id, customerId, notedAt: context.wallNow },
});
