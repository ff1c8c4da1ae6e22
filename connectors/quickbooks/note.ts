/**
 * The note that only the company sees (PrivateNote, and Notes of a customer): the text that people write, and behind it what the
 * platform keeps there, since QuickBooks has no field for another system's id: `[cashgraph:inv_…]`, and what no other field holds.
 */

export interface Note {
  /** Without what the platform keeps in it. */
  readonly text?: string;
  /** The public id of our record. */
  readonly ours?: string;
  /** The customer's reference, where no custom field holds it; or a payment's, where it is too long for its own. */
  readonly reference?: string;
  /** The id of the invoice that a credit memo is for. */
  readonly invoice?: string;
}

const OURS = /\[cashgraph:([\w-]{1,100})\]/g;
const REFERENCE = /\[reference:("(?:[^"\\]|\\.)*")\]/g;
const INVOICE = /\[invoice:([\w-]{1,100})\]/g;

/** Only a note with our id in it has the other marks. */
export function readNote(source: string | undefined): Note {
  if (source === undefined) return {};
  const ours = last(source, OURS);
  if (ours === undefined) return source.trim() === '' ? {} : { text: source };
  const text = source.replaceAll(OURS, '').replaceAll(REFERENCE, '').replaceAll(INVOICE, '').trim();
  const reference = unquoted(last(source, REFERENCE));
  const invoice = last(source, INVOICE);
  return {
    ours,
    ...(text === '' ? {} : { text }),
    ...(reference === undefined ? {} : { reference }),
    ...(invoice === undefined ? {} : { invoice }),
  };
}

/** @example writeNote({ text: 'Call first', ours: 'inv_1' }) // 'Call first [cashgraph:inv_1]' */
export function writeNote({ text, ours, reference, invoice }: Note): string {
  return [
    text ?? '',
    reference === undefined ? '' : `[reference:${JSON.stringify(reference)}]`,
    invoice === undefined ? '' : `[invoice:${invoice}]`,
    ours === undefined ? '' : `[cashgraph:${ours}]`,
  ]
    .filter((part) => part !== '')
    .join(' ');
}

const last = (source: string, pattern: RegExp): string | undefined => [...source.matchAll(pattern)].at(-1)?.[1];

function unquoted(quoted: string | undefined): string | undefined {
  try {
    return quoted === undefined ? undefined : String(JSON.parse(quoted));
  } catch {
    return undefined;
  }
}

/** What QuickBooks writes in front of the note of a document that it has voided. */
export const isVoidNote = (source: string | undefined): boolean => /^\s*voided\b/i.test(source ?? '');
