/** Products with their descriptions. Their prices are conditions with many keys, so documents bring the prices. */
import {
  type Assembled,
  type AssembleContext,
  bool,
  defineMapping,
  type JsonObject,
  not,
  padded,
  type SourceRecord,
} from '../../src/connect/index.ts';
import { given, instantAt, neededKey, restOf, rowsAt, textAt } from './fields.ts';
import { nextOf } from './keyset.ts';
import { instant } from './literals.ts';
import { ETAG } from './query.ts';
import { recordOf, type Source } from './reading.ts';
import { rowsOf } from './rows.ts';
import type { Settings } from './settings.ts';
import type { Context } from './system.ts';
import { unitOf } from './units.ts';

export const PRODUCTS = 'A_Product';
const FIELDS = [
  'Product',
  'ProductType',
  'CrossPlantStatus',
  'CreationDate',
  'LastChangeDateTime',
  'IsMarkedForDeletion',
  'ProductOldID',
  'GrossWeight',
  'NetWeight',
  'WeightUnit',
  'ProductGroup',
  'BaseUnit',
  'ProductStandardID',
  'CountryOfOrigin',
];
/** Services, by the product types that SAP comes with. */
const SERVICES: ReadonlySet<string> = new Set(['SERV', 'DIEN']);

export const productSource: Source = {
  listers: [
    {
      list(context, asked) {
        const filter = asked.since === null ? '' : `LastChangeDateTime ge ${instant(asked.since)}`;
        return nextOf(context, { service: 'product', set: PRODUCTS, by: ['Product'], filter }, asked);
      },
    },
  ],
  load,
};

async function load(context: Context, keys: readonly string[]): Promise<readonly SourceRecord[]> {
  const rows = await rowsOf(context, {
    service: 'product',
    set: PRODUCTS,
    fields: FIELDS,
    expand: { to_Description: ['Language', 'ProductDescription'] },
    by: ['Product'],
    keys: keys.map((key) => [key]),
  });
  return rows.map((row) => recordOf(neededKey(row, 'Product'), { ...row, language: context.config.language }));
}

const table = defineMapping('Product', [
  { ours: 'sku', read: 'Product', codec: padded(40) },
  { ours: 'isActive', read: 'IsMarkedForDeletion', codec: not(bool), otherwise: true },
]);

export function assembleProduct(raw: JsonObject, { config }: AssembleContext<Settings>): Assembled<'Product'> {
  const read = table.read(raw);
  const texts = rowsAt(raw, 'to_Description');
  const own = texts.find((one) => textAt(one, 'Language') === config.language) ?? texts[0];
  const document = {
    ...read,
    name: (own && textAt(own, 'ProductDescription')) ?? read.sku,
    kind: SERVICES.has(textAt(raw, 'ProductType') ?? '') ? ('SERVICE' as const) : ('GOODS' as const),
    ...given({ unit: unitOf(textAt(raw, 'BaseUnit'), config) }),
  };
  const mapped = ['Product', 'IsMarkedForDeletion', 'BaseUnit', 'LastChangeDateTime', 'language', ETAG];
  return { document, ...given({ createdAt: instantAt(raw, 'CreationDate') }), extensions: restOf(raw, mapped) };
}
