/** E-mail addresses, telephone numbers, postal addresses and bank accounts in one form each. Pure. */
import { normalise } from '../../kernel/text.ts';
import { foldedWord } from './company-name.rules.ts';

/** Whoever has an address there shares nothing with the others but the provider. */
const FREE_MAIL = new Set(
  `gmail.com googlemail.com outlook.com hotmail.com hotmail.co.uk hotmail.fr live.com msn.com yahoo.com yahoo.co.uk yahoo.fr yahoo.de
   ymail.com aol.com icloud.com me.com mac.com gmx.de gmx.net gmx.at gmx.ch web.de t-online.de freenet.de posteo.de mailbox.org
   proton.me protonmail.com orange.fr wanadoo.fr free.fr laposte.net libero.it virgilio.it alice.it tin.it telefonica.net terra.com.br
   uol.com.br bol.com.br mail.ru yandex.ru yandex.com bk.ru list.ru wp.pl o2.pl interia.pl onet.pl seznam.cz centrum.cz bluewin.ch
   btinternet.com sky.com virginmedia.com comcast.net verizon.net att.net sbcglobal.net bellsouth.net cox.net charter.net shaw.ca rogers.com
   qq.com 163.com 126.com sina.com naver.com daum.net rediffmail.com zoho.com fastmail.com mail.com bigpond.com xtra.co.nz docomo.ne.jp`.split(
    /\s+/,
  ),
);

/** Second levels under which names are given away: what stands before them is the company's. */
const SECOND_LEVEL = /^(co|com|net|org|gov|ac|ne|or|gr|edu|gob|gen|firm|web|ltd|plc)$/;

export interface EmailAddress {
  readonly address: string;
  /** Of the company; null: it is everybody's. */
  readonly domain: string | null;
}

const ADDRESS = /^[^\s@<>"]+@([a-z0-9-]+\.)+[a-z]{2,}$/;

/**
 * Each address of a field that may hold several; what is no address is left out.
 * @example emailAddresses('AP+erp@Mail.Mueller.co.uk') // [{ address: 'ap@mail.mueller.co.uk', domain: 'mueller.co.uk' }]
 */
export function emailAddresses(text: string): readonly EmailAddress[] {
  const found = text
    .toLowerCase()
    .split(/[\s,;]+/)
    .filter((one) => ADDRESS.test(one));
  return [...new Set(found)].map((one) => {
    const [local = '', host = ''] = one.split('@');
    const labels = host.split('.');
    const count = labels.length > 2 && SECOND_LEVEL.test(labels.at(-2) ?? '') && (labels.at(-1) ?? '').length === 2 ? 3 : 2;
    const domain = labels.slice(-count).join('.');
    return { address: `${local.split('+')[0]}@${host}`, domain: FREE_MAIL.has(host) || FREE_MAIL.has(domain) ? null : domain };
  });
}

const PHONE_MIN_DIGITS = 7;
const PHONE_DIGITS = 9;

/** Its last nine digits: country codes and trunk zeros are written or not. Null for what is too short. @example phoneKey('+49 (0)711 123456') // '711123456' */
export function phoneKey(text: string): string | null {
  const digits = text.replace(/\(0\)/g, '').replace(/\D/g, '').replace(/^0+/, '');
  return digits.length < PHONE_MIN_DIGITS || /^(\d)\1*$/.test(digits) ? null : digits.slice(-PHONE_DIGITS);
}

/** A bank account as it is compared: an IBAN or what a country has instead, without spaces. Null for what is too short. */
export function bankAccountKey(text: string): string | null {
  const plain = text.toUpperCase().replace(/[^A-Z0-9]/g, '');
  return plain.length < 6 || /^(.)\1*$/.test(plain) ? null : plain;
}

/** All that of it is ever shown. */
export const bankAccountEnd = (key: string): string => `•••• ${key.slice(-4)}`;

export interface ShownAddress {
  readonly lines?: readonly string[] | undefined;
  readonly city?: string | undefined;
  readonly postalCode?: string | undefined;
  readonly country?: string | undefined;
}

export interface PostalAddress {
  readonly country: string;
  readonly postalCode: string;
  readonly city: string;
  readonly street: string;
  readonly houseNumber: string;
}

/** Words of streets in one spelling, also at the end of a word: Hauptstraße, Haupt Str., Main Street, C/ Mayor. */
const STREET_WORDS: readonly (readonly [RegExp, string])[] = [
  [/(strasse|stra|str)$/, 'str'],
  [/^(street|st)$/, 'st'],
  [/^(road|rd)$/, 'rd'],
  [/^(avenue|ave|avenida|avda|av)$/, 'av'],
  [/^(boulevard|blvd|bd|bld)$/, 'bd'],
  [/^(drive|dr)$/, 'dr'],
  [/^(lane|ln)$/, 'ln'],
  [/^(square|sq)$/, 'sq'],
  [/^(calle|c)$/, 'c'],
  [/(platz|plz|pl)$/, 'pl'],
  [/^(place|plaza|piazza)$/, 'pl'],
  [/^(highway|hwy)$/, 'hwy'],
  [/^(parkway|pkwy)$/, 'pkwy'],
  [/^(suite|ste|unit|floor|fl|building|bldg|apt)$/, ''],
  [/(straat|strat)$/, 'str'],
  [/(vagen|vag)$/, 'v'],
  [/(gatan|gata|gaten|gade)$/, 'g'],
];

/** The line with the street: the first that has a number. */
const streetLine = (lines: readonly string[]): string => lines.find((line) => /\d/.test(line)) ?? lines[0] ?? '';

/** Null where it says neither street nor postal code. */
export function postalAddress({ lines = [], city = '', postalCode = '', country = '' }: ShownAddress): PostalAddress | null {
  const words = normalise(streetLine(lines))
    .replace(/(\d) ([a-z])\b/g, '$1$2')
    .split(' ')
    .filter((word) => word !== '');
  const houseNumber = words.find((word) => /^\d+[a-z]?$/.test(word)) ?? '';
  const named = words
    .filter((word) => !/^\d/.test(word))
    .map((word) => {
      const [pattern, short] = STREET_WORDS.find(([one]) => one.test(word)) ?? [];
      return foldedWord(pattern === undefined || short === undefined ? word : word.replace(pattern, short));
    });
  const street = named.join('');
  const code = normalise(postalCode)
    .replace(/ /g, '')
    .replace(/^[a-z]{1,2}(?=\d{4,5}$)/, '');
  if (street === '' && code === '') return null;
  return {
    country,
    postalCode: country === 'US' ? code.slice(0, 5) : code,
    city: foldedWord(normalise(city)),
    street,
    houseNumber,
  };
}

export const addressText = ({ country, postalCode, city, street, houseNumber }: PostalAddress): string =>
  [country, postalCode, city, street, houseNumber].join('|');

export function parsedAddress(text: string): PostalAddress {
  const [country = '', postalCode = '', city = '', street = '', houseNumber = ''] = text.split('|');
  return { country, postalCode, city, street, houseNumber };
}

/** In one line, for people. */
export const shownAddress = ({ lines = [], city, postalCode, country }: ShownAddress): string =>
  [...lines, [postalCode, city].filter((part) => part !== undefined && part !== '').join(' '), country]
    .filter((part) => part !== undefined && part !== '')
    .join(', ');
