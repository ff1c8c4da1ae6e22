/** Dates by a mask such as `YYYY-MM-DD"T"HH24:MI:SS`, written and read. */
import { dayOfWall, monthName } from '../zone.ts';
import { badQuery } from './tokens.ts';
import { Moment } from './values.ts';

const PARTS =
  /"[^"]*"|YYYY|YY|MONTH|MON|MM|DDD|DD|DAY|DY|HH24|HH12|HH|MI|SSSSS|SS|FF\d?|A\.?M\.?|P\.?M\.?|FM|Q|[^A-Za-z"]|[A-Za-z]/gi;
const NAMES = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
];
const DAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];

const two = (value: number): string => String(value).padStart(2, '0');
/** In the case in which the mask writes it. */
const cased = (text: string, part: string): string =>
  part === part.toUpperCase() ? text.toUpperCase() : part === part.toLowerCase() ? text.toLowerCase() : text;

export function momentText(wall: number, mask: string): string {
  const [year = '', month = '', date = ''] = dayOfWall(wall).split('-');
  const at = new Date(wall * 1_000);
  const hour = at.getUTCHours();
  const write = (part: string): string => {
    switch (part.toUpperCase()) {
      case 'YYYY':
        return year;
      case 'YY':
        return year.slice(2);
      case 'MONTH':
        return cased(NAMES[Number(month) - 1] ?? '', part);
      case 'MON':
        return cased(monthName(Number(month)), part);
      case 'MM':
        return month;
      case 'DD':
        return date;
      case 'DAY':
        return cased(DAYS[at.getUTCDay()] ?? '', part);
      case 'DY':
        return cased((DAYS[at.getUTCDay()] ?? '').slice(0, 3), part);
      case 'HH24':
        return two(hour);
      case 'HH':
      case 'HH12':
        return two(hour % 12 === 0 ? 12 : hour % 12);
      case 'MI':
        return two(at.getUTCMinutes());
      case 'SS':
        return two(at.getUTCSeconds());
      case 'AM':
      case 'PM':
        return cased(hour < 12 ? 'AM' : 'PM', part);
      case 'Q':
        return String(Math.ceil(Number(month) / 3));
      case 'FM':
        return '';
      default:
        if (part.startsWith('"')) return part.slice(1, -1);
        if (/^FF/i.test(part)) return '000';
        if (/[A-Za-z]/.test(part)) throw badQuery('date format not recognized');
        return part;
    }
  };
  return (mask.match(PARTS) ?? []).map(write).join('');
}

/** @throws Problem for a text that is not written so */
export function parseMoment(text: string, mask: string): Moment {
  const found = { year: 1970, month: 1, date: 1, hour: 0, minute: 0, second: 0, isAfternoon: false };
  let rest = text.trim();
  const number = (digits: number): number => {
    const taken = new RegExp(`^\\d{1,${digits}}`).exec(rest)?.[0];
    if (taken === undefined) throw badQuery('a non-numeric character was found where a numeric was expected');
    rest = rest.slice(taken.length);
    return Number(taken);
  };
  const read: Readonly<Record<string, () => void>> = {
    YYYY: () => void (found.year = number(4)),
    YY: () => void (found.year = 2_000 + number(2)),
    MM: () => void (found.month = number(2)),
    MON: () => void (found.month = named(3)),
    DD: () => void (found.date = number(2)),
    HH24: () => void (found.hour = number(2)),
    HH12: () => void (found.hour = number(2)),
    HH: () => void (found.hour = number(2)),
    MI: () => void (found.minute = number(2)),
    SS: () => void (found.second = number(2)),
    AM: () => half(),
    PM: () => half(),
    FM: () => {},
  };
  const named = (length: number): number => {
    const month = NAMES.findIndex((name) => name.slice(0, length).toLowerCase() === rest.slice(0, length).toLowerCase());
    rest = rest.slice(length);
    if (month < 0) throw badQuery('not a valid month');
    return month + 1;
  };
  const half = (): void => {
    found.isAfternoon = /^P/i.test(rest);
    found.hour %= 12;
    rest = rest.slice(2);
  };
  for (const part of mask.match(PARTS) ?? []) {
    if (rest === '') break;
    const reading = read[part.toUpperCase()];
    if (reading !== undefined) reading();
    else if (/^FF/i.test(part)) rest = rest.replace(/^\d+/, '');
    else rest = rest.slice(part.startsWith('"') ? part.length - 2 : 1);
  }
  const { year, month, date, hour, minute, second, isAfternoon } = found;
  const ms = Date.UTC(year, month - 1, date, hour + (isAfternoon ? 12 : 0), minute, second);
  const made = new Date(ms);
  if (rest.trim() !== '' || month < 1 || month > 12 || made.getUTCDate() !== date || hour > 23 || minute > 59 || second > 59)
    throw badQuery(`the date '${text.slice(0, 40)}' does not fit the format '${mask.slice(0, 40)}'`);
  return new Moment(ms / 1_000);
}
