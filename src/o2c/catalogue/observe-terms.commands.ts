/** Payment terms as an ERP shows them: made unless terms with their code exist, and followed where the ERP made them. */
import { canonicalTerms } from '../../canonical/canonical.ts';
import { observedText, sharedInput } from '../../canonical/observed-input.ts';
import { compareDecimal, decimal, decimalText, roundDecimal } from '../../kernel/decimal.ts';
import { DomainError } from '../../kernel/errors.ts';
import { sql } from '../../read/sql.ts';
import { command, type Decision, type RowOf } from '../../write/command.ts';
import { happened } from '../../write/observed.ts';
import { PaymentTerms } from './catalogue.entity.ts';
import { follow, Shelf } from './observed.rules.ts';

type TermsRow = RowOf<typeof PaymentTerms>;

export const observeTerms = command({
  name: 'observeTerms',
  description: 'Follows payment terms of an ERP. Documents that were issued keep the due dates that they got.',
  permission: 'products:observe',
  record: 'PaymentTerms',
  observes: true,
  input: canonicalTerms.extend({ ...sharedInput, code: observedText(60), name: observedText() }),
  async facts(tx, inputs) {
    const codes = sql.typed(
      inputs.map((i) => i.code),
      'text[]',
    );
    const ids = sql.uuids(inputs.map((i) => i.recordId));
    return new Shelf(
      await tx.load(PaymentTerms, sql`t.id = any(${ids}) or t.code = any(${codes})`, { lock: true }),
      (t) => t.code,
    );
  },
  decide(shelf, input, context): Decision {
    const { recordId, isOwner, isDeleted, occurredAt, code, name, netDays, isEndOfMonth = false } = input;
    if (isDeleted && recordId !== null) return { unchanged: recordId };
    const decision = follow<TermsRow>(context, shelf, {
      entity: 'PaymentTerms',
      event: 'payment_terms',
      recordId,
      isOwner,
      key: 'code',
      said: { code, name, netDays, isEndOfMonth, ...discountOf(input) },
      fresh: {},
      payloadOf: (terms) => ({
        code: terms.code,
        netDays: terms.netDays,
        isEndOfMonth: terms.isEndOfMonth,
        discountDays: terms.discountDays,
        discountPercent: terms.discountPercent,
        instalments: 0,
      }),
    });
    return happened(decision, occurredAt);
  },
});

interface Offered {
  readonly netDays: number;
  readonly discountDays?: number | undefined;
  readonly discountPercent?: string | undefined;
}

/** Half a discount, or one of nothing, is none; one for paying later than due ends when it is due. @throws INVALID_INPUT */
function discountOf({ netDays, discountDays, discountPercent }: Offered): Pick<TermsRow, 'discountDays' | 'discountPercent'> {
  const percent = roundDecimal(decimal(discountPercent ?? '0'), 4, 'HALF_UP');
  if (percent.coefficient < 0n || compareDecimal(percent, decimal('100')) >= 0)
    throw new DomainError('INVALID_INPUT', 'discountPercent must be 0 or more, and less than 100.', {
      path: ['discountPercent'],
    });
  if (discountDays === undefined || percent.coefficient === 0n) return { discountDays: null, discountPercent: null };
  return { discountDays: Math.min(discountDays, netDays), discountPercent: decimalText(percent) };
}
