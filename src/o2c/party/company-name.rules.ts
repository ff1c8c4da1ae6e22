/** Names of companies in one form, so that one company is told by it however its name is written: words, and the legal form apart. Pure. */
import { normalise } from '../../kernel/text.ts';

export interface CompanyName {
  /** In the order of the name, without legal form and without words for "and". */
  readonly tokens: readonly string[];
  /** Its legal form in one spelling; null: the name has none that is known. */
  readonly form: string | null;
}

/** Legal forms as their words are after `wordsOf`, by the form that they are. Longer ones are looked for first. */
const FORMS: Readonly<Record<string, readonly string[]>> = {
  'gmbh co kg': ['gmbh co kg', 'gmbh u co kg', 'gmbh co kgaa', 'ug co kg', 'ag co kg'],
  gmbh: ['gmbh', 'mbh', 'ges mbh', 'gesmbh', 'gesellschaft mit beschrankter haftung', 'ggmbh'],
  ug: ['ug', 'ug haftungsbeschrankt', 'unternehmergesellschaft'],
  ag: ['ag', 'aktiengesellschaft'],
  kg: ['kg', 'kommanditgesellschaft'],
  ohg: ['ohg', 'offene handelsgesellschaft'],
  ek: ['ek', 'e kfm', 'e kfr', 'eingetragener kaufmann'],
  ltd: ['ltd', 'limited', 'pte ltd', 'pty ltd', 'pvt ltd', 'private limited', 'co ltd', 'company limited', 'sdn bhd'],
  plc: ['plc', 'public limited company'],
  llc: ['llc', 'limited liability company', 'l l c'],
  llp: ['llp', 'limited liability partnership', 'lp', 'limited partnership'],
  inc: ['inc', 'incorporated'],
  corp: ['corp', 'corporation'],
  co: ['co', 'company'],
  sa: ['sa', 'societe anonyme', 'sociedad anonima', 'sociedade anonima', 'sa de cv', 'sab de cv', 'spa', 'societa per azioni'],
  sarl: [
    'sarl',
    'societe a responsabilite limitee',
    'srl',
    'societa a responsabilita limitata',
    'sl',
    'slu',
    'sociedad limitada',
  ],
  sas: ['sas', 'sasu', 'societe par actions simplifiee'],
  sapi: ['s de rl de cv', 's de rl', 'sapi de cv'],
  ltda: ['ltda', 'limitada', 'lda'],
  bv: ['bv', 'besloten vennootschap', 'bvba'],
  nv: ['nv', 'naamloze vennootschap'],
  ab: ['ab', 'aktiebolag'],
  as: ['as', 'asa', 'aksjeselskap', 'aktieselskab'],
  aps: ['aps', 'anpartsselskab'],
  oy: ['oy', 'oyj', 'osakeyhtio'],
  spzoo: ['sp zoo', 'sp z oo', 'spolka z ograniczona odpowiedzialnoscia'],
  sro: ['sro', 'spol sro', 'as cz'],
  kft: ['kft', 'korlatolt felelossegu tarsasag'],
  zrt: ['zrt', 'nyrt', 'reszvenytarsasag'],
  doo: ['doo', 'dd'],
  ood: ['ood', 'eood', 'ad'],
  ooo: ['ooo', 'oao', 'zao', 'pao'],
  uab: ['uab', 'sia', 'ou'],
  ae: ['ae', 'epe', 'ike'],
  as_tr: ['a s', 'anonim sirketi', 'limited sirketi', 'ltd sti'],
  kk: ['kk', 'kabushiki kaisha', 'kabushiki gaisha', 'godo kaisha'],
  se: ['se', 'societas europaea', 'sce'],
};

const FORM_OF = new Map(Object.entries(FORMS).flatMap(([form, written]) => written.map((words) => [words, form] as const)));
const FORM_MAX_WORDS = 5;
/** Forms that are also written before the name. */
const AHEAD: ReadonlySet<string> = new Set(['ooo', 'sarl', 'sas']);

const AND = new Set(['and', 'und', 'et', 'och', 'og', 'en']);
/** The same in one letter, which may be an initial as well. */
const SHORT_AND = new Set(['y', 'e', 'i', 'u']);

/** Abbreviations that whole words are shortened to in company names. */
const SHORT: Readonly<Record<string, string>> = {
  intl: 'international',
  int: 'international',
  mfg: 'manufacturing',
  svc: 'services',
  svcs: 'services',
  service: 'services',
  bros: 'brothers',
  gebr: 'gebruder',
  tech: 'technology',
  technologies: 'technology',
  dept: 'department',
  assoc: 'associates',
  natl: 'national',
  ind: 'industries',
  industry: 'industries',
  group: 'gruppe',
  groupe: 'gruppe',
  grupo: 'gruppe',
};

/** Two spellings of one sound: Müller and Mueller, Ægir and Aegir, Åse and Aase. Both come to the shorter. */
export const foldedWord = (word: string): string => word.replace(/([aou])e/g, '$1').replace(/aa/g, 'a');

/** Single letters in a row are one word: `G. m. b. H.`, `S.A.`, `A & B` stays two with its "and". */
function wordsOf(name: string): string[] {
  const words: string[] = [];
  let isRun = false;
  for (const word of normalise(name.replace(/[&+]/g, ' and ')).split(' ')) {
    if (word === '') continue;
    const isLetter = word.length === 1 && /\p{L}/u.test(word);
    if (isLetter && isRun) words[words.length - 1] += word;
    else words.push(word);
    isRun = isLetter;
  }
  return words.filter((word) => !AND.has(word));
}

/** How many words at the end, or at the beginning, are a legal form; and which. */
function formAt(words: readonly string[], isAtEnd: boolean): { readonly count: number; readonly form: string } | null {
  for (let count = Math.min(FORM_MAX_WORDS, words.length - 1); count > 0; count--) {
    const some = isAtEnd ? words.slice(-count) : words.slice(0, count);
    const form = FORM_OF.get(some.join(' '));
    if (form !== undefined) return { count, form };
  }
  return null;
}

/**
 * @example companyName('Müller & Söhne G.m.b.H.') // { tokens: ['muller', 'sohne'], form: 'gmbh' }
 * @example companyName('Mueller und Soehne GmbH') // the same
 */
export function companyName(name: string): CompanyName {
  let words = wordsOf(name);
  let form: string | null = null;
  // a name of nothing but a form ("Limited") keeps it
  for (let found = formAt(words, true); found; found = formAt(words, true)) {
    words = words.slice(0, -found.count);
    form ??= found.form;
  }
  const first = form === null ? formAt(words, false) : null;
  const ahead = first && AHEAD.has(first.form) ? first : null;
  if (ahead) words = words.slice(ahead.count);
  const tokens = words.filter((word, i) => !(SHORT_AND.has(word) && i > 0 && i < words.length - 1));
  return { tokens: tokens.map((word) => foldedWord(SHORT[word] ?? word)), form: form ?? ahead?.form ?? null };
}
