/** Making and changing products. */
import { type Decimal, decimalText, roundDecimal } from '../../kernel/decimal.ts';
import { editOf, fieldsOf } from '../../kernel/edit.ts';
import { DomainError } from '../../kernel/errors.ts';
import {
  choice,
  clearable,
  countryInput,
  decimalInput,
  flag,
  formed,
  idOf,
  int,
  object,
  optional,
  text,
} from '../../kernel/input.ts';
import { normalise } from '../../kernel/text.ts';
import { sql } from '../../read/sql.ts';
import { type Change, command, type Decision, type RowOf } from '../../write/command.ts';
import { requireVersion } from '../../write/version.ts';
import { Product } from './catalogue.entity.ts';
import { madeOf, ofGroup } from './catalogue.rules.ts';
import { TAX_CLASS, TAX_CLASS_RULE } from './tax.rules.ts';

const classInput = formed(TAX_CLASS, TAX_CLASS_RULE).describe('The class by which tax rules find its rate.');

const customs = {
  hsCode: clearable(formed(/^[0-9]{6,10}$/, 'must be a Harmonized System code of 6 to 10 digits')).describe(
    'The Harmonized System code for customs.',
  ),
  originCountry: clearable(countryInput).describe('The country of origin, ISO 3166-1 alpha-2.'),
  weightKg: clearable(decimalInput({ min: '0.000001', max: '99999999', scale: 6 })).describe('The weight of one, in kilograms.'),
};

type Values = Pick<
  RowOf<typeof Product>,
  'sku' | 'name' | 'kind' | 'unit' | 'taxClass' | 'hsCode' | 'originCountry' | 'weightKg' | 'isActive'
>;

/** What events say of a product. */
export const productPayload = ({ sku, name, kind, unit, taxClass, hsCode, originCountry, weightKg, isActive }: Values) => ({
  sku,
  name,
  kind,
  unit,
  taxClass,
  hsCode,
  originCountry,
  weightKg,
  isActive,
});

/** As the database writes it, so that equal weights compare equal. */
const weightText = (weight: Decimal) => decimalText(roundDecimal(weight, 6, 'DOWN'));

export const createProduct = command({
  name: 'createProduct',
  description: 'Makes a product that can be ordered. Set prices for it with setPrice.',
  permission: 'products:manage',
  record: 'Product',
  input: object('CreateProductInput', {
    sku: text({ max: 60 }).describe('The stock keeping unit, unique in the group; it never changes.'),
    name: text().describe('The name on documents.'),
    kind: optional(choice('ProductKind', ['GOODS', 'SERVICE'])).describe('What it is; absent: goods.'),
    unit: formed(/^[A-Z0-9]{2,3}$/, 'must be a UN/ECE Recommendation 20 code, for example C62 (one) or KGM').describe(
      'The unit that is ordered and priced as UN/ECE Recommendation 20 code, for example C62 (one).',
    ),
    taxClass: optional(classInput).describe('The class by which tax rules find its rate; absent: STANDARD.'),
    ...customs,
  }),
  lockKey: (input) => input.sku,
  facts: async () => null,
  decide(_facts, input, context): Change {
    const { kind = 'GOODS', taxClass = 'STANDARD', hsCode = null, originCountry = null, weightKg, ...rest } = input;
    const values: Values = {
      ...rest,
      kind,
      taxClass,
      hsCode,
      originCountry,
      weightKg: weightKg ? weightText(weightKg) : null,
      isActive: true,
    };
    return madeOf(context, {
      entity: 'Product',
      values: { ...values, searchName: normalise(values.name) },
      event: 'product.created',
      payload: productPayload(values),
    });
  },
});

export const updateProduct = command({
  name: 'updateProduct',
  description:
    'Changes fields of a product; what is absent stays, null clears. Orders keep what they were placed with; for another unit make another product.',
  permission: 'products:manage',
  record: 'Product',
  input: object('UpdateProductInput', {
    id: idOf('prd').describe('The product.'),
    expectedVersion: optional(int({ min: 1 })).describe('The version that the change was made from.'),
    name: optional(text()).describe('The name on documents.'),
    taxClass: optional(classInput),
    ...customs,
    isActive: optional(flag).describe('Whether it can be ordered.'),
  }),
  lockKey: (input) => input.id,
  facts: (tx, inputs) => tx.load(Product, sql`t.id = any(${sql.uuids(inputs.map((i) => i.id))})`, { lock: true }),
  decide(products, { id, expectedVersion, weightKg, ...fields }, context): Decision {
    const product = products.find((p) => p.id === id);
    if (!product) throw new DomainError('NOT_FOUND', 'There is no such product.', { path: ['id'] });
    requireVersion(product.version, expectedVersion);
    const edit = editOf(product, { ...fields, weightKg: weightKg ? weightText(weightKg) : weightKg });
    if (!edit) return { unchanged: id };
    const search = edit.name === undefined ? {} : { searchName: normalise(edit.name) };
    return {
      recordId: id,
      rows: [
        {
          op: 'update',
          entity: 'Product',
          id,
          version: product.version,
          set: { ...edit, ...search },
          owner: { tenantId: context.tenant.id },
        },
      ],
      events: [
        {
          type: 'product.updated',
          recordKind: 'Product',
          recordId: id,
          recordVersion: product.version + 1,
          ...ofGroup,
          payload: { ...productPayload({ ...product, ...edit }), fields: fieldsOf(edit) },
        },
      ],
    };
  },
});
