/** The invoice that a credit memo of ours is for stands behind its memo: one that is made from an invoice would be set against it at once. */
const MARK = /\s*\[invoice:(\d{1,18})\]$/;

/** @example withInvoice('Returned', '17') // 'Returned [invoice:17]' */
export function withInvoice(memo: string | undefined, invoice: string | undefined): string | undefined {
  return invoice === undefined ? memo : `${memo ?? ''} [invoice:${invoice}]`.trim();
}

export function invoiceIn(memo: string | undefined): { readonly memo?: string; readonly invoice?: string } {
  const [mark, invoice] = MARK.exec(memo ?? '') ?? [];
  if (memo === undefined || mark === undefined || invoice === undefined) return memo === undefined ? {} : { memo };
  const text = memo.slice(0, memo.length - mark.length);
  return text === '' ? { invoice } : { memo: text, invoice };
}
