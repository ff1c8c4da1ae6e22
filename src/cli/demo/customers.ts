/** The demo's customers: who they are, to whom they belong, with which companies they deal and how they pay. All names are invented. */
import type { EntityCode } from './company.ts';

/**
 * How a customer pays: `EARLY` takes the discount, `PROMPT` pays when due, `SLOW` weeks late, `VERY_SLOW` months late,
 * `ERRATIC` sometimes, `PARTIAL` in two parts, `DEBIT` is collected from and bounces at times, `FADING` has stopped lately,
 * `BROKE` stopped long ago and is written off.
 */
export type Habit = 'EARLY' | 'PROMPT' | 'NORMAL' | 'SLOW' | 'VERY_SLOW' | 'ERRATIC' | 'PARTIAL' | 'DEBIT' | 'FADING' | 'BROKE';

export interface DemoAccount {
  readonly entity: EntityCode;
  readonly currency: string;
  readonly terms: string;
  readonly habit: Habit;
  /** Invoices a month, about. */
  readonly monthly: number;
  /** How large its orders are beside others'. */
  readonly size: number;
}

export interface DemoCustomer {
  readonly number: string;
  readonly name: string;
  readonly country: string;
  readonly segment: string;
  /** Where sales tax is charged by region, ISO 3166-2. */
  readonly region: string | null;
  readonly parent: string | null;
  /** The parent pays this one's invoices. */
  readonly isPaidByParent: boolean;
  readonly accounts: readonly DemoAccount[];
  /** The month of the history in which it became a customer. */
  readonly since: number;
}

/** name | country | segment | parent's place in the list or - | since | accounts: entity currency terms habit monthly size */
const LIST = `
Aldenbach Holding AG|DE|Industry|-|0|DE EUR NET30 PROMPT 0.6 1.6
Aldenbach Maschinenbau GmbH|DE|Industry|1+|0|DE EUR NET30 PROMPT 2 1.8
Aldenbach Logistik GmbH|DE|Industry|1+|0|DE EUR NET30 PROMPT 1.4 0.9
Aldenbach America LLC|US|Industry|1|2|US USD NET30 NORMAL 1.2 1.3
Harrow Fields Holdings Inc|US|Retail|-|0|US USD NET30 NORMAL 0.8 1.2
Harrow Fields Stores LLC|US|Retail|5|0|US USD 2-10-NET30 EARLY 2.6 1.1;DE EUR NET30 NORMAL 0.5 0.8
Harrow Fields Canada Ltd|CA|Retail|5|1|US CAD NET45 NORMAL 1.1 0.8
Mizuhara Group KK|JP|Industry|-|0|JP JPY NET60EOM PROMPT 1.2 1.7
Mizuhara Seiki KK|JP|Industry|8+|0|JP JPY NET60EOM PROMPT 1.9 1.4
Mizuhara Denki KK|JP|Industry|8+|0|JP JPY EOM PROMPT 1.3 0.9
Stadtwerke Lindau am Forst|DE|Public|-|0|DE EUR NET30 SLOW 1.6 1.5
Klinikum Sankt Wendelin|DE|Public|-|0|DE EUR NET30 NORMAL 1.8 1.2
Landkreis Oberwald|DE|Public|-|0|DE EUR NET30 SLOW 1 1.1
Hofmark Brauerei KG|DE|Industry|-|0|DE EUR 2-10-NET30 EARLY 1.7 0.9
Kessler & Braun OHG|DE|Services|-|0|DE EUR NET14 DEBIT 1.9 0.4
Tannhof Hotels GmbH|DE|Services|-|0|DE EUR NET14 DEBIT 2.1 0.6
Reederei Friis & Sohn|DE|Industry|-|0|DE EUR NET45 VERY_SLOW 1.3 1.4
Bäckerei Sonnleitner GmbH|DE|Retail|-|0|DE EUR NET14 ERRATIC 1.5 0.3
Elbtal Möbelwerke GmbH|DE|Industry|-|0|DE EUR NET30 FADING 1.6 1
Gärtnerei Moosbrugger|AT|Retail|-|0|DE EUR NET30 PARTIAL 0.9 0.4
Alpenblick Seilbahnen AG|CH|Services|-|0|DE CHF NET30 NORMAL 1 1.3
Zumbühl Präzision AG|CH|Industry|-|1|DE CHF 2-10-NET30 EARLY 1.1 1
Carrick Mills Ltd|GB|Industry|-|0|DE GBP NET45 SLOW 1.2 1
Penhallow Estates plc|GB|Services|-|3|DE GBP NET30 NORMAL 0.9 0.8
Atelier Vauquelin SARL|FR|Services|-|0|DE EUR NET45 NORMAL 1 0.5
Fonderie Castelmore SpA|IT|Industry|-|0|DE EUR NET60EOM VERY_SLOW 1.1 1.2
Hotel Miramonte Srl|IT|Services|-|4|DE EUR NET30 ERRATIC 0.8 0.5
Van der Laan Kassen BV|NL|Industry|-|0|DE EUR NET30 PROMPT 1.4 1
Nordlys Fiskeri AS|NO|Industry|-|2|DE EUR NET30 NORMAL 0.7 1.1
Druckhaus Querfurt GmbH|DE|Services|-|0|DE EUR NET30 BROKE 1.8 0.7
Werkhof Eisenach GmbH|DE|Industry|-|0|DE EUR NET30 NORMAL 1.5 0.8
Solarpark Heidewitz GmbH|DE|Industry|-|6|DE EUR 30-40-30 PROMPT 1.2 1.5
Juniper Ridge Hospitals|US|Public|-|0|US USD NET45 SLOW 1.8 1.6
Cedar & Pike Construction|US|Industry|-|0|US USD NET30 VERY_SLOW 1.6 1.1
Blue Heron Foods Inc|US|Retail|-|0|US USD 2-10-NET30 EARLY 2 0.9
Kettle Creek Brewing Co|US|Retail|-|0|US USD NET30 ERRATIC 1.3 0.4
Larkspur School District|US|Public|-|0|US USD NET45 NORMAL 1.1 1
Great Basin Storage LLC|US|Services|-|0|US USD NET30 FADING 1.5 0.8
Saltbox Furniture Co|US|Retail|-|0|US USD NET30 PARTIAL 1.2 0.5
Tidewater Cold Chain Inc|US|Industry|-|0|US USD NET30 NORMAL 1.7 1.3
Ironwood Fitness Clubs|US|Services|-|0|US USD NET14 DEBIT 1.8 0.4
Copper Lantern Diners|US|Retail|-|0|US USD NET30 BROKE 1.4 0.4
Prairie Sun Dairies|US|Industry|-|3|US USD NET30 PROMPT 1.2 1
Quill & Harbor Press|US|Services|-|5|US USD NET30 NORMAL 0.8 0.3
Rivière-Bleue Pulp Ltd|CA|Industry|-|0|US CAD NET45 SLOW 1.1 1.2
Maple Crossing Arenas|CA|Public|-|2|US CAD NET30 NORMAL 0.8 0.9
Kanagawa Reizō KK|JP|Industry|-|0|JP JPY EOM PROMPT 1.6 1.2
Hanamori Department Store|JP|Retail|-|0|JP JPY EOM NORMAL 1.5 1
Tokiwa Byōin|JP|Public|-|0|JP JPY NET60EOM PROMPT 1.2 1.1
Aozora Logistics KK|JP|Industry|-|0|JP JPY NET60EOM SLOW 1.4 1
Minato Printing KK|JP|Services|-|0|JP JPY EOM ERRATIC 1 0.4
Shirakawa Onsen Ryokan|JP|Services|-|1|JP JPY EOM VERY_SLOW 0.9 0.4
Yamabuki Foods KK|JP|Retail|-|0|JP JPY EOM NORMAL 1.6 0.8
Kurogane Steel KK|JP|Industry|-|0|JP JPY NET60EOM FADING 1.2 1.3
Pacific Meridian Trading|SG|Industry|-|0|JP USD NET45 NORMAL 1.1 1.2
Straits Harbour Cooling|SG|Services|-|4|JP USD NET30 SLOW 0.8 0.7
Orbis Hotels International|NL|Services|-|0|DE EUR NET45 NORMAL 1.2 1.1;US USD NET45 NORMAL 1 1.1;JP JPY EOM NORMAL 0.8 1
Veridian Pharma plc|IE|Industry|-|0|DE EUR NET60EOM SLOW 1.4 1.8;US USD NET45 SLOW 1 1.4
Lumen Data Centers Inc|US|Services|-|1|US USD NET30 PROMPT 1.5 2.2;JP JPY NET60EOM PROMPT 0.9 2
Feldkirch Ingenieure|AT|Services|-|0|DE EUR NET30 NORMAL 1 0.5
`;

/** Customers with deliveries in California, by their place in the list. */
const CALIFORNIAN = new Set([35, 41]);

const accountOf = (text: string): DemoAccount => {
  const [entity, currency = '', terms = '', habit, monthly, size] = text.split(' ');
  return { entity: entity as EntityCode, currency, terms, habit: habit as Habit, monthly: Number(monthly), size: Number(size) };
};

const numberOf = (place: number): string => `C-${1000 + place}`;

export const CUSTOMERS: readonly DemoCustomer[] = LIST.trim()
  .split('\n')
  .map((line, i) => {
    const [name = '', country = '', segment = '', parent = '-', since = '0', accounts = ''] = line.split('|');
    return {
      number: numberOf(i + 1),
      name,
      country,
      segment,
      region: CALIFORNIAN.has(i + 1) ? 'US-CA' : null,
      parent: parent === '-' ? null : numberOf(Number.parseInt(parent, 10)),
      isPaidByParent: parent.endsWith('+'),
      since: Number(since),
      accounts: accounts.split(';').map(accountOf),
    };
  });

/** Customers whose people sign in to the portal. */
export const PORTAL_CUSTOMERS: readonly { readonly number: string; readonly person: string }[] = [
  { number: numberOf(2), person: 'Marlene Aldenbach' },
  { number: numberOf(6), person: 'Joss Harrow' },
  { number: numberOf(57), person: 'Ines Kuiper' },
];
