/** Whether an ERP made of a document what it comes to here: a tax that it calculates by itself, or a rounding of its own, must not go unseen. Pure. */
import type { Canonical } from '../../canonical/canonical.ts';
import { compareDecimal, decimal } from '../../kernel/decimal.ts';

/** What a document comes to; null: that says nothing, or it was taken back. */
function totalOf(document: Canonical | null): string | null {
  if (!document || ('state' in document && document.state === 'VOIDED')) return null;
  if ('taxes' in document) return document.total;
  return 'applications' in document ? document.amount : null;
}

/** In a sentence; null: it is the same. `theirs`: null where it has not the form of a document. */
export function differingText(name: string, ours: Canonical, theirs: Canonical | null): string | null {
  const [here, there] = [totalOf(ours), totalOf(theirs)];
  if (here === null || there === null || compareDecimal(decimal(here), decimal(there)) === 0) return null;
  const currency = 'currency' in ours ? ` ${ours.currency ?? ''}` : '';
  return `${name} made ${there}${currency} of it, and it comes to ${here}${currency} here: see what it calculates by itself, such as tax, and mend it there.`;
}
