import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { kebab, lowerFirst, normalise, snake, upperFirst } from './text.ts';

const anyText = fc.string({ unit: 'grapheme', maxLength: 40 });

describe('normalise', () => {
  it.each([
    ['  Müller & Söhne GmbH.', 'muller sohne gmbh'],
    ['Straße', 'strasse'],
    ['STRASSE', 'strasse'],
    ['ÆRØ', 'aero'],
    ['Łódź', 'lodz'],
    ['İstanbul', 'istanbul'],
    ['INV-2026/0042', 'inv 2026 0042'],
    ['ﬁrm №5', 'firm no5'],
    ['ΟΔΟΣ', 'οδοσ'],
    ['東京', '東京'],
    ['---', ''],
  ])('%j is searched as %j', (given, expected) => expect(normalise(given)).toBe(expected));

  it('is the same when done twice, and has no blank at an end or two in a row', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const once = normalise(text);
        expect(normalise(once)).toBe(once);
        expect(once).not.toMatch(/^ | $| {2}/);
      }),
      { numRuns: 2_000 },
    );
  });

  it('finds a whole by its beginning', () => {
    fc.assert(
      fc.property(anyText, anyText, (start, rest) => {
        expect(normalise(`${start} ${rest}`).startsWith(normalise(start))).toBe(true);
      }),
    );
  });

  it('does not care for capitals and for how accents are encoded', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        expect(normalise(text.normalize('NFD'))).toBe(normalise(text.normalize('NFC')));
      }),
    );
    expect(normalise('Éa')).toBe(normalise('éa'));
  });
});

describe('names', () => {
  it.each([
    ['creditNoteId', 'credit_note_id'],
    ['CreditNote', 'credit_note'],
    ['HTMLPage', 'html_page'],
    ['CREDIT_NOTE', 'credit_note'],
    ['credit-note', 'credit_note'],
    ['openMinor', 'open_minor'],
    ['sha256Hash', 'sha256_hash'],
    ['x', 'x'],
  ])('%s is %s in SQL', (given, expected) => {
    expect(snake(given)).toBe(expected);
    expect(kebab(given)).toBe(expected.replaceAll('_', '-'));
    expect(snake(snake(given))).toBe(expected);
  });

  it('change their first letter only', () => {
    expect([upperFirst('creditNote'), lowerFirst('CreditNote'), upperFirst('')]).toEqual(['CreditNote', 'creditNote', '']);
  });
});
