// Postgres and TypeScript know the same currencies and write the same amounts.
import { expect, it } from 'vitest';
import { CURRENCIES, exponentOf } from '../src/kernel/currency.ts';
import { money, moneyText } from '../src/kernel/money.ts';
import { freshDatabase } from './support/database.ts';

const database = await freshDatabase();
const currencies = CURRENCIES.map(({ code }) => code);
const AMOUNTS = [0n, 1n, -1n, 99n, 100n, -12_345n, 9_000_000_000_000_000_000n];

it('has every currency that an input accepts, with as many decimals', async () => {
  const { rows } = await database
    .as('read')
    .query<{ code: string; exponent: number; inlined: number }>(
      'select code, exponent, currency_exponent(code) as inlined from currency order by code',
    );
  expect(rows).toEqual([...currencies].sort().map((code) => ({ code, exponent: exponentOf(code), inlined: exponentOf(code) })));
});

it('takes those and no other text as a currency', async () => {
  const letters = "string_to_array('A B C D E F G H I J K L M N O P Q R S T U V W X Y Z', ' ')";
  const texts = `select a || b || c as code from unnest(${letters}) a, unnest(${letters}) b, unnest(${letters}) c union all select unnest(array['', 'EU', 'eur', ' EUR'])`;
  const { rows } = await database
    .as('read')
    .query<{ code: string }>(`select code from (${texts}) as every where is_currency(code) order by code`);
  expect(rows.map(({ code }) => code)).toEqual([...currencies].sort());
});

it('writes each amount as the kernel does', async () => {
  const pairs = currencies.flatMap((currency) => AMOUNTS.map((minor) => ({ minor, currency })));
  const { rows } = await database
    .as('read')
    .query<{ text: string }>(
      'select money_text(minor, code) as text from unnest($1::bigint[], $2::text[]) with ordinality as v(minor, code, n) order by n',
      [pairs.map((p) => String(p.minor)), pairs.map((p) => p.currency)],
    );
  expect(rows.map((r) => r.text)).toEqual(pairs.map((p) => moneyText(money(p.minor, p.currency))));
});
