/**
 * Texts for search columns and for names in SQL and files.
 * `normalise` fills stored columns: a change of it needs a migration that fills them again.
 */

// letters that Unicode does not take apart but people type without: Straße, Ærø, Łódź, Đorđe
const FOLDED: Readonly<Record<string, string>> = {
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  đ: 'd',
  ð: 'd',
  ł: 'l',
  þ: 'th',
  ı: 'i',
  ς: 'σ',
};

/**
 * The form in which names and references are searched: no accents, lower case, and one space for whatever is neither letter nor digit.
 * The same text normalised twice is the same; a normalised beginning finds the normalised whole.
 * @example normalise('  Müller & Söhne GmbH.') // 'muller sohne gmbh'
 */
export function normalise(text: string): string {
  return text
    .normalize('NFKD')
    .toLowerCase()
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .replace(/[ßæœøđðłþıς]/g, (letter) => FOLDED[letter] ?? letter)
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
}

/** `creditNoteId` → `credit_note_id`; takes camel, Pascal, kebab and UPPER_SNAKE case. @example snake('HTMLPage') // 'html_page' */
export function snake(name: string): string {
  return wordsOf(name).join('_');
}

/** `creditNoteId` → `credit-note-id`. @example kebab('CREDIT_NOTE') // 'credit-note' */
export function kebab(name: string): string {
  return wordsOf(name).join('-');
}

/** The first letter in capitals, the rest as it is. @example upperFirst('creditNote') // 'CreditNote' */
export function upperFirst(name: string): string {
  return name.slice(0, 1).toUpperCase() + name.slice(1);
}

/** The first letter small, the rest as it is. @example lowerFirst('CreditNote') // 'creditNote' */
export function lowerFirst(name: string): string {
  return name.slice(0, 1).toLowerCase() + name.slice(1);
}

function wordsOf(name: string): string[] {
  return name
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replace(/([A-Z])([A-Z][a-z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== '');
}
