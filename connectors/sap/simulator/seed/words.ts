/** Words of which the customers and products of a believable company are made. All of them are invented. */

const words = (text: string): readonly string[] => text.split(',');

export const FIRST = words(
  'Alster,Birkenau,Corvin,Donau,Elbtal,Falken,Gerlach,Hanse,Isar,Jadebusen,Kestrel,Lindner,Maintal,Neckar,Ostwald,Palatin,Quellhof,Rheingau,Saale,Taunus,Ulmen,Vogtland,Weser,Zeltner',
);
export const TRADE = words(
  'Pumpen,Antriebe,Hydraulik,Ventile,Anlagenbau,Messtechnik,Automation,Fördertechnik,Kältetechnik,Werkzeuge,Elektronik,Logistik',
);
export const FORM: Readonly<Record<string, readonly string[]>> = {
  DE: ['GmbH', 'GmbH & Co. KG', 'AG', 'KG'],
  AT: ['GmbH', 'AG'],
  FR: ['SARL', 'SAS'],
  US: ['Inc.', 'LLC', 'Corp.'],
  JP: ['K.K.'],
  KW: ['W.L.L.'],
};
export const FIRST_US = words(
  'Cascade,Bluewater,Ironwood,Keystone,Lakeshore,Midland,Pinnacle,Redstone,Sawtooth,Tidewater,Westbrook,Yellowtail',
);
export const TRADE_US = words(
  'Pumps,Drives,Hydraulics,Valves,Controls,Instruments,Automation,Conveyors,Cooling,Tooling,Electronics,Supply',
);
export const STREET: Readonly<Record<string, readonly string[]>> = {
  DE: words('Ahornweg,Bahnhofstraße,Chausseestraße,Deichstraße,Eichenallee,Fabrikstraße,Gartenweg,Hafenstraße'),
  US: words('Alder Ave,Bridge St,Commerce Dr,Dock Rd,Elm St,Foundry Ln,Grant Blvd,Harbor Way'),
};
export const CITY: Readonly<Record<string, readonly (readonly [city: string, postalCode: string, region: string])[]>> = {
  DE: [
    ['Hamburg', '20457', 'HH'],
    ['Dresden', '01067', 'SN'],
    ['Mannheim', '68159', 'BW'],
    ['Köln', '50667', 'NW'],
    ['Nürnberg', '90402', 'BY'],
  ],
  AT: [['Linz', '4020', '']],
  FR: [['Strasbourg', '67000', '']],
  US: [
    ['Columbus', '43215', 'OH'],
    ['Tacoma', '98402', 'WA'],
    ['Richmond', '23219', 'VA'],
    ['Austin', '78701', 'TX'],
  ],
  JP: [['Nagoya', '450-0002', '']],
  KW: [['Kuwait City', '13001', '']],
};
export const PRODUCT: readonly (readonly [name: string, cents: number, unit: string, isService: boolean])[] = [
  ['Gear pump', 41_250, 'PC', false],
  ['Ball valve', 3_890, 'PC', false],
  ['Pressure sensor', 12_745, 'PC', false],
  ['Drive belt', 1_899, 'PC', false],
  ['Hydraulic hose', 955, 'M', false],
  ['Lubricant', 1_420, 'L', false],
  ['Servo motor', 88_600, 'PC', false],
  ['Flange', 2_335, 'PC', false],
  ['Commissioning', 9_500, 'H', true],
  ['Maintenance visit', 34_000, 'AU', true],
];
export const VARIANT = words(',Compact,Heavy Duty,Series 2,Series 3,Marine,Low Noise,High Pressure,Stainless,Twin');
export const DISPUTE = words(
  'Disputed: quantity short,Disputed: price differs from order,Disputed: goods damaged,Waiting for proof of delivery',
);
