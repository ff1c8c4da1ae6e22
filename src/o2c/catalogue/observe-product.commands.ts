/** Products as an ERP shows them: made unless one with the SKU exists, and followed where the ERP made them. Orders keep what they were placed with. */
import { canonicalProduct } from '../../canonical/canonical.ts';
import { observedText, sharedInput } from '../../canonical/observed-input.ts';
import { normalise } from '../../kernel/text.ts';
import { sql } from '../../read/sql.ts';
import { command, type Decision, type RowOf } from '../../write/command.ts';
import { happened } from '../../write/observed.ts';
import { Product } from './catalogue.entity.ts';
import { follow, Shelf } from './observed.rules.ts';
import { productPayload } from './product.commands.ts';

type ProductRow = RowOf<typeof Product>;

const UNIT = /^[A-Z0-9]{2,3}$/;
const EACH = 'C62';

export const observeProduct = command({
  name: 'observeProduct',
  description: 'Follows a product of an ERP; one that is gone there can not be ordered any more.',
  permission: 'products:observe',
  record: 'Product',
  observes: true,
  input: canonicalProduct.extend({ ...sharedInput, sku: observedText(), name: observedText() }),
  async facts(tx, inputs) {
    const skus = sql.typed(
      inputs.map((i) => i.sku),
      'text[]',
    );
    const ids = sql.uuids(inputs.map((i) => i.recordId));
    return new Shelf(await tx.load(Product, sql`t.id = any(${ids}) or t.sku = any(${skus})`, { lock: true }), (p) => p.sku);
  },
  decide(shelf, input, context): Decision {
    const { recordId, isOwner, isDeleted, occurredAt, sku, name, kind, unit } = input;
    const decision = follow<ProductRow>(context, shelf, {
      entity: 'Product',
      event: 'product',
      recordId,
      isOwner,
      key: 'sku',
      said: {
        sku,
        name,
        kind,
        unit: unit !== undefined && UNIT.test(unit) ? unit : EACH,
        isActive: input.isActive && !isDeleted,
      },
      fresh: { taxClass: 'STANDARD', hsCode: null, originCountry: null, weightKg: null },
      implied: (said) => (said.name === undefined ? {} : { searchName: normalise(said.name) }),
      payloadOf: productPayload,
    });
    return happened(decision, occurredAt);
  },
});
