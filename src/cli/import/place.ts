/** Where an import goes: the legal entity in a tenant, and the exchange rates that its rows need. */
import { decimal, decimalText, multiplyDecimal, roundDecimal } from '../../kernel/decimal.ts';
import { isCurrency } from '../../kernel/currency.ts';
import { FIRST_DATE } from '../../kernel/date.ts';
import { Failure, UsageError } from '../failure.ts';
import { asTenant, type DatabaseAddress } from '../session.ts';

export interface LegalEntity {
  readonly id: string;
  readonly code: string;
  /** Of its books. */
  readonly currency: string;
  readonly groupCurrency: string;
}

/** The one with this code, or the only one. @throws Failure that lists them */
export async function findLegalEntity(database: DatabaseAddress, tenantId: string, code?: string): Promise<LegalEntity> {
  const { rows } = await asTenant(database, tenantId, (client) =>
    client.query<LegalEntity>(
      `select le.id, le.code, le.functional_currency as currency, t.group_currency as "groupCurrency"
       from legal_entity le join tenant t on t.tenant_id = le.tenant_id order by le.code`,
    ),
  );
  const found = code === undefined ? (rows.length === 1 ? rows[0] : undefined) : rows.find((row) => row.code === code);
  if (found) return found;
  if (rows.length === 0) throw new Failure('The tenant has no legal entity yet: make one with the mutation createLegalEntity.');
  const codes = rows.map((row) => row.code).join(', ');
  throw new Failure(
    code === undefined
      ? `Say whose books the file belongs to with --legal-entity: ${codes}.`
      : `There is no legal entity ${code}. There are ${codes}.`,
  );
}

export interface Rate {
  readonly fromCurrency: string;
  readonly toCurrency: string;
  readonly validOn: string;
  readonly rate: string;
}

/**
 * The rates of `--rate CAD=0.7475` that are not there yet, valid from the first day on: to the currency of the books, and, where
 * the group counts in another one and its rate is known, to that as well.
 * @throws UsageError
 */
export async function missingRates(
  database: DatabaseAddress,
  { tenantId, legalEntity, flags }: { tenantId: string; legalEntity: LegalEntity; flags: ReadonlyMap<string, string> },
): Promise<readonly Rate[]> {
  if (flags.size === 0) return [];
  const { currency, groupCurrency } = legalEntity;
  const { rows } = await asTenant(database, tenantId, (client) =>
    client.query<{ pair: string; rate: string }>(
      `select distinct on (from_currency, to_currency) from_currency || '/' || to_currency as pair, rate::text from exchange_rate
       where to_currency = any($1::text[]) order by from_currency, to_currency, valid_on desc`,
      [[currency, groupCurrency]],
    ),
  );
  const known = new Map(rows.map((row) => [row.pair, row.rate]));
  const wanted = new Map<string, string>();
  for (const [name, text] of flags) {
    const [from = '', to = currency] = name.split('/');
    const rate = rateText(name, text);
    if (!isCurrency(from) || !isCurrency(to))
      throw new UsageError(
        `--rate ${name}=${text}: write a currency code, or two with / between, such as CAD=0.7475 or CAD/EUR=0.68.`,
      );
    wanted.set(`${from}/${to}`, rate);
    const onward = known.get(`${currency}/${groupCurrency}`) ?? flags.get(`${currency}/${groupCurrency}`);
    const cross = `${from}/${groupCurrency}`;
    if (to === currency && groupCurrency !== currency && from !== groupCurrency && !flags.has(cross) && onward !== undefined) {
      wanted.set(cross, decimalText(roundDecimal(multiplyDecimal(decimal(rate), decimal(onward)), 12, 'HALF_UP')));
    }
  }
  return [...wanted].flatMap(([pair, rate]) => {
    const [fromCurrency = '', toCurrency = ''] = pair.split('/');
    return known.has(pair) || fromCurrency === toCurrency ? [] : [{ fromCurrency, toCurrency, validOn: FIRST_DATE, rate }];
  });
}

function rateText(name: string, text: string): string {
  if (/^\d{1,12}(\.\d{1,12})?$/.test(text) && /[1-9]/.test(text)) return text;
  throw new UsageError(`--rate ${name}=${text}: the rate must be a number above zero with at most 12 decimals, such as 0.7475.`);
}
