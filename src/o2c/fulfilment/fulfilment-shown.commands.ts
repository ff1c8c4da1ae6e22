/** What following a delivery takes: the canonical delivery with the order that it names as ours. What does not add up there is not refused here. */
import { z } from 'zod';
import { canonicalDelivery } from '../../canonical/canonical.ts';
import { observedInput, observedNote, observedText, uuidInput } from '../../canonical/observed-input.ts';

export const fulfilmentShown = canonicalDelivery.omit({ order: true, legalEntity: true }).extend({
  ...observedInput,
  orderId: uuidInput,
  /** Absent: it has none there, and gets one of ours. */
  number: observedText(100).optional(),
  carrier: observedNote(100),
  trackingNumber: observedNote(100),
  receivedBy: observedNote(100),
});

export type FulfilmentShown = z.output<typeof fulfilmentShown>;
