/**
 * The currencies of ISO 4217 with their number of decimals, and the few that were withdrawn lately and still stand in old
 * documents. Gold, silver, drawing rights and test codes have no decimals there, so no amount can be in them.
 */
import { DomainError } from './errors.ts';

declare const currencyBrand: unique symbol;

/** A code that `currency()` has checked. */
export type CurrencyCode = string & { readonly [currencyBrand]: true };

/** One row of the list. `exponent` is the number of decimals of the minor unit: 0, 2, 3 or 4. */
export interface Currency {
  readonly code: CurrencyCode;
  readonly exponent: number;
  readonly name: string;
  /** The year from which it is no longer legal tender; absent for a currency in use. */
  readonly withdrawnIn?: number;
}

// One text per exponent, `code name` separated by `;`: short to read, and a wrong exponent stands out.
const WITHOUT_DECIMALS = `
  BIF Burundi Franc; CLP Chilean Peso; DJF Djibouti Franc; GNF Guinean Franc; ISK Iceland Krona; JPY Yen;
  KMF Comorian Franc; KRW Won; PYG Guarani; RWF Rwanda Franc; UGX Uganda Shilling;
  UYI Uruguay Peso en Unidades Indexadas; VND Dong; VUV Vatu; XAF CFA Franc BEAC; XOF CFA Franc BCEAO;
  XPF CFP Franc`;

const TWO_DECIMALS = `
  AED United Arab Emirates Dirham; AFN Afghani; ALL Lek; AMD Armenian Dram; AOA Kwanza; ARS Argentine Peso;
  AUD Australian Dollar; AWG Aruban Florin; AZN Azerbaijan Manat; BAM Convertible Mark; BBD Barbados Dollar;
  BDT Taka; BMD Bermudian Dollar; BND Brunei Dollar; BOB Boliviano; BOV Mvdol; BRL Brazilian Real;
  BSD Bahamian Dollar; BTN Ngultrum; BWP Pula; BYN Belarusian Ruble; BZD Belize Dollar; CAD Canadian Dollar;
  CDF Congolese Franc; CHE WIR Euro; CHF Swiss Franc; CHW WIR Franc; CNY Yuan Renminbi; COP Colombian Peso;
  COU Unidad de Valor Real; CRC Costa Rican Colon; CUP Cuban Peso; CVE Cabo Verde Escudo; CZK Czech Koruna;
  DKK Danish Krone; DOP Dominican Peso; DZD Algerian Dinar; EGP Egyptian Pound; ERN Nakfa; ETB Ethiopian Birr;
  EUR Euro; FJD Fiji Dollar; FKP Falkland Islands Pound; GBP Pound Sterling; GEL Lari; GHS Ghana Cedi;
  GIP Gibraltar Pound; GMD Dalasi; GTQ Quetzal; GYD Guyana Dollar; HKD Hong Kong Dollar; HNL Lempira; HTG Gourde;
  HUF Forint; IDR Rupiah; ILS New Israeli Sheqel; INR Indian Rupee; IRR Iranian Rial; JMD Jamaican Dollar;
  KES Kenyan Shilling; KGS Som; KHR Riel; KPW North Korean Won; KYD Cayman Islands Dollar; KZT Tenge; LAK Lao Kip;
  LBP Lebanese Pound; LKR Sri Lanka Rupee; LRD Liberian Dollar; LSL Loti; MAD Moroccan Dirham; MDL Moldovan Leu;
  MGA Malagasy Ariary; MKD Denar; MMK Kyat; MNT Tugrik; MOP Pataca; MRU Ouguiya; MUR Mauritius Rupee; MVR Rufiyaa;
  MWK Malawi Kwacha; MXN Mexican Peso; MXV Mexican Unidad de Inversion; MYR Malaysian Ringgit;
  MZN Mozambique Metical; NAD Namibia Dollar; NGN Naira; NIO Cordoba Oro; NOK Norwegian Krone; NPR Nepalese Rupee;
  NZD New Zealand Dollar; PAB Balboa; PEN Sol; PGK Kina; PHP Philippine Peso; PKR Pakistan Rupee; PLN Zloty;
  QAR Qatari Rial; RON Romanian Leu; RSD Serbian Dinar; RUB Russian Ruble; SAR Saudi Riyal;
  SBD Solomon Islands Dollar; SCR Seychelles Rupee; SDG Sudanese Pound; SEK Swedish Krona; SGD Singapore Dollar;
  SHP Saint Helena Pound; SLE Leone; SOS Somali Shilling; SRD Surinam Dollar; SSP South Sudanese Pound; STN Dobra;
  SVC El Salvador Colon; SYP Syrian Pound; SZL Lilangeni; THB Baht; TJS Somoni; TMT Turkmenistan New Manat;
  TOP Pa'anga; TRY Turkish Lira; TTD Trinidad and Tobago Dollar; TWD New Taiwan Dollar; TZS Tanzanian Shilling;
  UAH Hryvnia; USD US Dollar; USN US Dollar (Next day); UYU Peso Uruguayo; UZS Uzbekistan Sum;
  VED Bolívar Soberano (digital); VES Bolívar Soberano; WST Tala; XCD East Caribbean Dollar;
  XCG Caribbean Guilder; YER Yemeni Rial; ZAR Rand; ZMW Zambian Kwacha; ZWG Zimbabwe Gold`;

const THREE_DECIMALS = `
  BHD Bahraini Dinar; IQD Iraqi Dinar; JOD Jordanian Dinar; KWD Kuwaiti Dinar; LYD Libyan Dinar; OMR Rial Omani;
  TND Tunisian Dinar`;

const FOUR_DECIMALS = `
  CLF Unidad de Fomento; UYW Unidad Previsional`;

const WITHDRAWN: readonly (readonly [string, number, string])[] = [
  ['ANG', 2025, 'Netherlands Antillean Guilder'],
  ['BGN', 2026, 'Bulgarian Lev'],
  ['CUC', 2021, 'Peso Convertible'],
  ['HRK', 2023, 'Kuna'],
  ['SLL', 2024, 'Leone (before 2022)'],
  ['ZWL', 2024, 'Zimbabwe Dollar'],
];

/** Every currency, by code. @example CURRENCIES.find((c) => c.code === 'JPY')?.exponent // 0 */
export const CURRENCIES: readonly Currency[] = [
  ...rows(WITHOUT_DECIMALS, 0),
  ...rows(TWO_DECIMALS, 2),
  ...rows(THREE_DECIMALS, 3),
  ...rows(FOUR_DECIMALS, 4),
  ...WITHDRAWN.map(([code, withdrawnIn, name]) => ({ code: code as CurrencyCode, exponent: 2, name, withdrawnIn })),
].sort((a, b) => (a.code < b.code ? -1 : 1));

const BY_CODE: ReadonlyMap<string, Currency> = new Map(CURRENCIES.map((row) => [row.code, row]));

/**
 * Checks a currency code.
 * @throws DomainError INVALID_INPUT for anything else than three capital letters of the list
 * @example currency('EUR')
 */
export function currency(code: string): CurrencyCode {
  const row = BY_CODE.get(code);
  if (row !== undefined) return row.code;
  throw new DomainError(
    'INVALID_INPUT',
    `${JSON.stringify(code.slice(0, 20))} is not a currency: send an ISO 4217 code in capital letters, such as "EUR".`,
  );
}

/** True for a code that `currency()` takes. @example isCurrency('eur') // false */
export function isCurrency(code: string): code is CurrencyCode {
  return BY_CODE.has(code);
}

/** The number of decimals of the minor unit. @example exponentOf(currency('KWD')) // 3 */
export function exponentOf(code: CurrencyCode): number {
  const row = BY_CODE.get(code);
  if (row === undefined) throw new Error(`${code} came past currency() unchecked.`);
  return row.exponent;
}

function rows(text: string, exponent: number): Currency[] {
  return text.split(';').map((entry) => {
    const trimmed = entry.replace(/\s+/g, ' ').trim();
    return { code: trimmed.slice(0, 3) as CurrencyCode, exponent, name: trimmed.slice(4) };
  });
}
