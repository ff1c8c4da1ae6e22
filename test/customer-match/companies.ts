// Made-up companies as two ERPs of one group have them: what really is one company is known, and each ERP writes it in its own way.
import { seededRandom } from '../../src/kernel/random.ts';

export interface Company {
  /** Equal for one company, however it is written. */
  readonly truth: string;
  readonly name: string;
  readonly more: Readonly<Record<string, unknown>>;
}

const SURNAMES =
  `Müller Schröder Weiß Jäger Krüger Böhm Köhler Groß Lenz Adler Brandt Vogel Keller Sommer Winter Bauer Huber Fischer Marek Novák
  Lindqvist Andersen Durand Lefèvre Moreau García López Fernández Rossi Bianchi Conti Smith Walker Turner Harris Kowalski Nowak Tanaka`.split(
    /\s+/,
  );
const SOUNDS =
  'ba be bo da de di fa fe ga go ka ke ki la le lo ma me mi na ne no pa pe ra re ri sa se so ta te ti va ve vi xa ze zo'.split(
    ' ',
  );
/** Each with what another ERP may call it. */
const TRADES = [
  ['Werkzeugbau', 'Tooling'],
  ['Maschinenbau', 'Machinery'],
  ['Logistik', 'Logistics'],
  ['Elektrotechnik', 'Electrical Engineering'],
  ['Verpackungen', 'Packaging'],
  ['Handel', 'Trading'],
  ['Bäckerei', 'Bakery'],
  ['Kunststoffe', 'Plastics'],
  ['Stahl', 'Steel'],
  ['Medizintechnik', 'Medical'],
] as const;
const FORMS = ['GmbH', 'AG', 'GmbH & Co. KG', 'Ltd', 'Inc.', 'S.A.', 'B.V.', 'S.r.l.'];
const CITIES = 'Stuttgart Ulm Bremen Wien Lyon Madrid Milano Leeds Utrecht Kraków Boston Austin'.split(' ');
const COUNTRIES: Readonly<Record<string, string>> = {
  Wien: 'AT',
  Lyon: 'FR',
  Madrid: 'ES',
  Milano: 'IT',
  Leeds: 'GB',
  Utrecht: 'NL',
  Kraków: 'PL',
  Boston: 'US',
  Austin: 'US',
};
const STREETS = [
  'Hauptstraße',
  'Bahnhofstraße',
  'Am Königsplatz',
  'Industriestraße',
  'Main Street',
  'Station Road',
  'Rue du Port',
];
const FREE = ['gmail.com', 'gmx.de', 'outlook.com'];

class Chance {
  private readonly random;
  constructor(seed: string) {
    this.random = seededRandom(seed);
  }
  below(n: number): number {
    return Number(`0x${Buffer.from(this.random.bytes(4)).toString('hex')}`) % n;
  }
  of<T>(list: readonly T[]): T {
    return list[this.below(list.length)] as T;
  }
  is(percent: number): boolean {
    return this.below(100) < percent;
  }
  digits(count: number): string {
    return Array.from({ length: count }, () => String(this.below(10))).join('');
  }
}

interface Real {
  readonly truth: string;
  readonly words: readonly [own: string, trade: string, tradeThere: string, form: string];
  readonly domain: string;
  readonly taxId: string;
  readonly country: string;
  readonly city: string;
  readonly postalCode: string;
  readonly street: string;
  readonly houseNumber: string;
  readonly phone: string;
  readonly iban: string;
}

const plain = (text: string) =>
  text
    .normalize('NFKD')
    .replace(/[^a-zA-Z]/g, '')
    .toLowerCase();

function realOf(chance: Chance, truth: string, place?: Real): Real {
  const own = chance.is(45)
    ? chance.of(SURNAMES)
    : [1, 2, 3]
        .map(() => chance.of(SOUNDS))
        .join('')
        .replace(/^./, (c) => c.toUpperCase());
  const [trade, tradeThere] = chance.of(TRADES);
  const city = place?.city ?? chance.of(CITIES);
  const country = COUNTRIES[city] ?? 'DE';
  const number = `${1 + chance.below(8)}${chance.digits(8)}`;
  const byCountry: Readonly<Record<string, string>> = {
    DE: `DE${number}`,
    AT: `ATU${number.slice(1)}`,
    FR: `FR${chance.digits(2)}${number}`,
    ES: `ESB${number.slice(1)}`,
    IT: `IT${number}${chance.digits(2)}`,
    GB: `GB${number}`,
    NL: `NL${number}B01`,
    PL: `PL${number}${chance.digits(1)}`,
    US: number,
  };
  return {
    truth,
    words: [own, trade, tradeThere, chance.of(FORMS)],
    domain: `${plain(own)}-${plain(trade).slice(0, 6 + chance.below(4))}.${country === 'US' ? 'com' : country.toLowerCase()}`,
    taxId: byCountry[country] ?? number,
    country,
    city,
    // places have few postal codes, and customers share them
    postalCode: place?.postalCode ?? `${10_000 + CITIES.indexOf(city) * 5_000 + chance.below(12)}`,
    street: place?.street ?? chance.of(STREETS),
    houseNumber: place?.houseNumber ?? String(1 + chance.below(60)),
    phone: `+49 ${chance.digits(10)}`,
    iban: `DE${chance.digits(20)}`,
  };
}

/** As the first ERP has it: whole, and in order. */
const asKnown = ({ words: [own, trade, , form], ...real }: Real): Company => ({
  truth: real.truth,
  name: `${own} ${trade} ${form}`,
  more: {
    taxId: real.taxId,
    country: real.country,
    email: `rechnung@${real.domain}`,
    phone: real.phone,
    address: {
      lines: [`${real.street} ${real.houseNumber}`],
      postalCode: real.postalCode,
      city: real.city,
      country: real.country,
    },
    bankAccounts: [real.iban],
  },
});

function mistyped(chance: Chance, text: string): string {
  const at = 1 + chance.below(Math.max(1, text.length - 2));
  return chance.is(50) ? text.slice(0, at) + text.slice(at + 1) : text.slice(0, at) + text[at] + text.slice(at);
}

const ascii = (text: string) => text.replace(/ä/g, 'ae').replace(/ö/g, 'oe').replace(/ü/g, 'ue').replace(/ß/g, 'ss');

/** As the second ERP has it: written by other people, and with holes. */
function asWritten(chance: Chance, { words: [own, trade, tradeThere, form], ...real }: Real): Company {
  const shown = chance.is(8) ? mistyped(chance, own) : own;
  const work = chance.is(15) ? tradeThere : chance.is(10) ? `${trade.slice(0, 5)}.` : trade;
  const whole = [shown, work, ...(chance.is(50) ? [form.replace(/ & /, ' und ')] : [])].join(' ');
  const cased = chance.is(20) ? whole.toUpperCase() : whole;
  const street = chance.is(50)
    ? real.street
        .replace(/straße/, 'str.')
        .replace(/Street/, 'St')
        .replace(/Road/, 'Rd')
    : real.street;
  const email = chance.is(60)
    ? `ap@${real.domain}`
    : chance.is(40)
      ? `${plain(own)}${chance.digits(2)}@${chance.of(FREE)}`
      : undefined;
  const address = {
    lines: [chance.is(15) ? `${chance.of(STREETS)} ${chance.below(90)}` : `${street} ${real.houseNumber}`],
    postalCode: real.postalCode,
    city: ascii(real.city).toUpperCase(),
    country: real.country,
  };
  return {
    truth: real.truth,
    name: chance.is(50) ? ascii(cased) : cased,
    more: {
      country: real.country,
      ...(chance.is(45) ? { taxId: chance.is(5) ? mistyped(chance, real.taxId) : real.taxId.replace(/^([A-Z]{2})/, '$1 ') } : {}),
      ...(email === undefined ? {} : { email }),
      ...(chance.is(75) ? { address } : {}),
      ...(chance.is(40) ? { phone: real.phone.replace(/^\+49 /, '0') } : {}),
      ...(chance.is(25) ? { bankAccounts: [real.iban] } : {}),
    },
  };
}

/**
 * What two ERPs know: of three companies one is known to both, one to each. Among them are groups (same first word, other trade and books), tenants of one house,
 * and namesakes in other towns, which all look like one company and are not.
 */
export function twoBooks(
  seed: string,
  count: number,
): { readonly first: readonly Company[]; readonly second: readonly Company[] } {
  const chance = new Chance(seed);
  const first: Company[] = [];
  const second: Company[] = [];
  for (let i = 0; i < count; i++) {
    const real = realOf(chance, `${seed} ${i}`);
    const where = i % 3;
    if (where !== 1) first.push(asKnown(real));
    if (where !== 2) second.push(asWritten(chance, real));
    const [own, , , form] = real.words;
    if (chance.is(12)) {
      const sister = realOf(chance, `${seed} ${i} sister`);
      const [, trade, there] = sister.words;
      if (trade !== real.words[1])
        second.push(asWritten(chance, { ...sister, words: [own, trade, there, form], domain: real.domain }));
    }
    if (chance.is(8)) second.push(asWritten(chance, realOf(chance, `${seed} ${i} neighbour`, real)));
    if (chance.is(8)) {
      const namesake = realOf(chance, `${seed} ${i} namesake`);
      if (namesake.city !== real.city) second.push(asWritten(chance, { ...namesake, words: real.words }));
    }
  }
  return { first, second };
}
