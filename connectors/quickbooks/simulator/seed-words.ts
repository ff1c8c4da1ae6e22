/** Words of which the names of a believable company's customers and products are made. All of them are invented. */

export const FIRST =
  'Amber Birch Cedar Cobalt Copper Delta Dune Ember Falcon Fern Granite Harbor Heron Indigo Ivory Juniper Lark Linden Maple Meadow Mesa Nimbus Oakline Onyx Opal Orchard Pacific Pine Prairie Quarry Quill Raven Redwood Ridge River Rowan Saffron Sage Sierra Silver Slate Solstice Sparrow Spruce Summit Tamarack Teal Thistle Timber Umber Valley Verdant Walnut Willow Zephyr'.split(
    ' ',
  );
export const TRADE =
  'Landscaping,Outdoor Supply,Property Services,Builders,Nurseries,Hotels,Garden Center,Farms,Vineyards,Facilities,Homes,Golf Club,Schools,Clinics,Logistics,Design Studio,Restaurants,Brewing,Markets,Apartments'.split(
    ',',
  );
export const FORM = ['Inc.', 'LLC', 'Co.', 'Group', 'Partners', "& Sons'", 'Cooperative'];
export const GIVEN =
  'Ada Ben Carla Deepak Elena Farid Grace Hugo Imani Jonas Keiko Luis Mara Nadia Omar Petra Quinn Rosa Sven Tara Uma Victor Wen Yara Zoë'.split(
    ' ',
  );
export const FAMILY =
  'Abbott Bianchi Castillo Dorn Ekström Fischer Gupta Haddad Ibarra Jensen Kimura Larsen Moreau Novak Okafor Petrov Quintero Rossi Santos Tanaka Ueda Vasquez Weber Xu Young Zimmermann'.split(
    ' ',
  );
export const STREET =
  'Alder St.,Bay Ave.,Canyon Rd.,Dock St.,El Camino Real,Foothill Blvd.,Grove Ln.,Harbor Dr.,Mission St.,Vine St.'.split(',');
export const CITY: readonly (readonly [city: string, state: string, zip: string])[] = [
  ['San Mateo', 'CA', '94401'],
  ['Oakland', 'CA', '94607'],
  ['Sacramento', 'CA', '95814'],
  ['Tucson', 'AZ', '85719'],
  ['Portland', 'OR', '97204'],
  ['Reno', 'NV', '89501'],
  ['Santa Cruz', 'CA', '95060'],
];
export const PRODUCT: readonly (readonly [name: string, type: 'Service' | 'NonInventory', cents: number, isTaxed: boolean])[] = [
  ['Garden Design', 'Service', 12_500, false],
  ['Weekly Maintenance', 'Service', 8_900, false],
  ['Irrigation Check', 'Service', 6_450, false],
  ['Tree Trimming', 'Service', 14_000, false],
  ['Sprinkler Head', 'NonInventory', 1_295, true],
  ['Drip Line 100 ft', 'NonInventory', 3_499, true],
  ['Fountain Pump', 'NonInventory', 11_875, true],
  ['Cedar Mulch Bag', 'NonInventory', 749, true],
  ['River Rock Ton', 'NonInventory', 9_960, true],
  ['Paver Stone', 'NonInventory', 415, true],
  ['Landscape Light', 'NonInventory', 4_325, true],
  ['Soil Mix Yard', 'NonInventory', 5_550, true],
];
export const VARIANT = [
  '',
  'Small',
  'Large',
  'Pro',
  'Eco',
  'Deluxe',
  'Compact',
  'Heavy Duty',
  'Winter',
  'Coastal',
  'Bulk',
  'Classic',
  'Premium',
];
