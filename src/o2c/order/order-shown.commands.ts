/** What following an order takes: the canonical order with the records that it names as ours. What does not add up there is not refused here. */
import { z } from 'zod';
import { canonicalOrder } from '../../canonical/canonical.ts';
import { observedInput, observedNote, observedText, uuidInput } from '../../canonical/observed-input.ts';
import { currencyInput } from '../../kernel/input.ts';

const line = canonicalOrder.shape.lines.element.omit({ product: true, order: true }).extend({
  productId: uuidInput.nullish(),
  description: observedNote(1000),
  sku: observedNote(),
});

export const orderShown = canonicalOrder.omit({ customer: true, legalEntity: true, terms: true }).extend({
  ...observedInput,
  accountId: uuidInput,
  /** Absent: it has none there, and gets one of ours. */
  number: observedText(100).optional(),
  currency: currencyInput,
  customerReference: observedNote(100),
  paymentTermsId: uuidInput.nullish(),
  lines: z.array(line).max(2_000),
});

export type OrderShown = z.output<typeof orderShown>;
export type LineShown = OrderShown['lines'][number];
