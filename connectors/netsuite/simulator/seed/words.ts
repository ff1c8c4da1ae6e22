/** Words of which names, addresses and goods of the seeded account are made. */

export const FIRST =
  'Albion Brightwater Calder Dunmore Eskdale Fairholm Glenrowan Hartwell Ivybridge Kestrel Langdale Marlowe Northgate Oakhurst Penrose Quayside Ravensworth Selwyn Tamar Ullswater Wharfedale Yarrow'.split(
    ' ',
  );
export const TRADE =
  'Analytical,Biotech,Clinics,Controls,Dairy,Diagnostics,Engineering,Foods,Hospital Trust,Instruments,Labs,Marine,Metrology,Optics,Petrochemicals,Pharma,Research,Semiconductors,Universities,Water'.split(
    ',',
  );
export const FORM = ['Ltd', 'plc', 'LLP', 'Group', 'Holdings', '& Sons'];
export const JAPANESE =
  'Aoyama,Bizen,Chigasaki,Daimon,Echigo,Fujimi,Ginza,Hakone,Iwate,Kamogawa,Minato,Nagaoka,Otaru,Sakurai,Takayama,Uji,Wakayama,Yamanote'.split(
    ',',
  );
export const JAPANESE_TRADE = ['Seiki KK', 'Kagaku KK', 'Seiyaku KK', 'Denshi KK', 'Shoji KK', 'Kogyo KK'];
export const STREET =
  'Abbey Road,Bridge Street,Castle Lane,Dock Road,Elm Grove,Foundry Way,Granary Wharf,High Street,Mill Lane,Station Road'.split(
    ',',
  );
export const CITY: readonly (readonly [country: string, city: string, zip: string])[] = [
  ['GB', 'London', 'EC1V 2NX'],
  ['GB', 'Leeds', 'LS1 4AP'],
  ['GB', 'Bristol', 'BS1 6WE'],
  ['GB', 'Glasgow', 'G2 3BX'],
  ['GB', 'Cardiff', 'CF10 1EP'],
  ['JP', 'Tokyo', '100-0005'],
  ['JP', 'Osaka', '530-0001'],
  ['JP', 'Nagoya', '450-0002'],
  ['IE', 'Dublin', 'D02 X285'],
  ['DE', 'Hamburg', '20095'],
  ['US', 'Boston', '02110'],
  ['KW', 'Kuwait City', '13001'],
];
/** With price and cost in the first company's currency, in hundredths. */
export const PRODUCT: readonly (readonly [
  name: string,
  type: 'inventoryItem' | 'nonInventorySaleItem' | 'serviceSaleItem',
  price: number,
  cost: number,
])[] = [
  ['Digital Balance', 'inventoryItem', 48_900, 29_300],
  ['Flow Meter', 'inventoryItem', 31_250, 17_800],
  ['Pressure Gauge', 'inventoryItem', 8_475, 4_150],
  ['Thermal Probe', 'inventoryItem', 5_995, 2_740],
  ['Sample Tray', 'inventoryItem', 1_249, 480],
  ['Sensor Cable 5 m', 'nonInventorySaleItem', 2_199, 0],
  ['Mounting Kit', 'nonInventorySaleItem', 3_450, 0],
  ['Calibration', 'serviceSaleItem', 14_000, 0],
  ['On-site Service Day', 'serviceSaleItem', 72_000, 0],
  ['Support Contract', 'serviceSaleItem', 22_500, 0],
];
export const VARIANT = ['', 'Mk II', 'Pro', 'Lab', 'Field', 'Compact', 'Heavy Duty', 'Marine', 'ATEX', 'High Range'];
export const DISPUTE = [
  'Price differs from the quotation',
  'Two units arrived damaged',
  'Customer says that goods never arrived',
  'Wrong purchase order number',
];
