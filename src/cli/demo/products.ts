/** What the demo's group sells: devices, parts and services for ventilation. All of it is invented. */

export interface Product {
  readonly sku: string;
  readonly name: string;
  readonly kind: 'GOODS' | 'SERVICE';
  readonly unit: string;
  /** Books have the lower rate in Germany. */
  readonly taxClass: 'STANDARD' | 'REDUCED' | 'SERVICE';
  /** In euro. */
  readonly price: string;
  /** What somebody orders of it at most, about. */
  readonly most: number;
  readonly hsCode: string | null;
  readonly originCountry: string | null;
  readonly weightKg: string | null;
}

/** sku | name | price | most | customs code | origin | weight */
const GOODS = `
AX-400|Axial fan AX-400|389.5|12|841459|DE|14.2
AX-630|Axial fan AX-630|812|6|841459|DE|38.5
AX-900|Axial fan AX-900|1490|3|841459|DE|92
RF-250|Radial fan RF-250|536|8|841459|DE|24
RV-9|Roof ventilator RV-9|1460|4|841459|DE|61
RV-12|Roof ventilator RV-12|2180|2|841459|DE|88
AC-12|Air curtain AC-12|940|4|841459|US|33
CU-7|Control unit CU-7|249|10|903289|JP|1.8
CU-9|Control unit CU-9, with touch panel|428|6|903289|JP|2.4
FS-G4|Filter set G4, box of 10|74.9|40|842139|DE|3.1
FS-M5|Filter set M5, box of 10|92.5|30|842139|DE|3.3
FS-F7|Filter set F7, box of 10|118.4|30|842139|DE|3.6
FS-H13|Particle filter H13|164|16|842139|DE|2.6
DG-1|Duct, galvanised, 1 m|17.8|60|730890|DE|3.1
DG-3|Duct, galvanised, 3 m|41.25|60|730890|DE|9.4
DB-90|Duct bend, 90 degrees|22.4|40|730890|DE|2.2
DF-10|Flexible duct, 10 m|58.6|20|391739|IT|4.8
DP-60|Damper with actuator DP-60|214|12|848180|DE|7.5
SL-250|Silencer SL-250|163.8|16|841490|DE|11
SL-400|Silencer SL-400|287|10|841490|DE|19.5
HX-20|Heat exchanger HX-20|2240|3|841950|DE|120
HX-45|Heat exchanger HX-45|4650|2|841950|DE|265
HR-300|Heat recovery unit HR-300|1820|3|841950|DE|74
HP-8|Heat pump HP-8|5380|1|841861|JP|148
CH-15|Chiller CH-15|6900|1|841869|US|310
HM-5|Steam humidifier HM-5|1340|3|841989|DE|28
FC-2|Frequency converter 2.2 kW|312|8|850440|US|3.9
FC-7|Frequency converter 7.5 kW|690|4|850440|US|6.7
AT-24|Actuator 24 V|118|16|850131|JP|0.9
SN-T|Temperature sensor|34.5|40|902519|JP|0.12
SN-P|Differential pressure sensor|78|24|902620|JP|0.2
SN-C|Carbon dioxide sensor|129|16|902710|JP|0.25
BR-6|Bearing set BR-6|46.2|24|848210|JP|0.9
VB-2|V-belts, pair|19.9|40|401039|DE|0.4
MK-1|Mounting kit|27.5|30|732690|DE|1.7
HB-1|Planning handbook, printed|64.5|8|490199|DE|1.1
`;

/** sku | name | price | most | unit */
const SERVICES = `
MV-1|Maintenance visit|420|4|C62
CO-1|Commissioning, per hour|96|24|HUR
PL-1|Planning, per hour|112|20|HUR
TR-1|Operator training, per day|780|2|DAY
RM-1|Remote monitoring, per month|65|12|MON
FR-1|Freight|58|3|C62
`;

const rowsOf = (list: string) =>
  list
    .trim()
    .split('\n')
    .map((line) => line.split('|'));

const goods = rowsOf(GOODS).map(
  ([sku = '', name = '', price = '', most, hsCode = null, originCountry = null, weightKg = null]): Product => ({
    sku,
    name,
    kind: 'GOODS',
    unit: 'C62',
    taxClass: sku === 'HB-1' ? 'REDUCED' : 'STANDARD',
    price,
    most: Number(most),
    hsCode,
    originCountry,
    weightKg,
  }),
);

const services = rowsOf(SERVICES).map(
  ([sku = '', name = '', price = '', most, unit = '']): Product => ({
    sku,
    name,
    kind: 'SERVICE',
    unit,
    taxClass: 'SERVICE',
    price,
    most: Number(most),
    hsCode: null,
    originCountry: null,
    weightKg: null,
  }),
);

export const PRODUCTS: readonly Product[] = [...goods, ...services];
