// Answers that are kept for those who come back: the newest ones, and no more bytes than allowed.
import { expect, it } from 'vitest';
import { Payloads } from './payloads.ts';

/** With room for ten answers of a thousand characters. */
const MAX_BYTES = 10 * 2_200;
const keys = Array.from({ length: 25 }, (_, i) => `1 ${i}`);
const keptOf = (payloads: Payloads) => keys.filter((key) => payloads.get(key) !== undefined);

it.each(['a', '€'])(
  'the newest answers are kept as they are, as many as there is room for, of characters like %s',
  (character) => {
    const payloads = new Payloads(MAX_BYTES);
    for (const key of keys) payloads.put(key, character.repeat(1_000));
    expect(keptOf(payloads)).toEqual(keys.slice(-10));
    expect(payloads.get('1 24')).toBe(character.repeat(1_000));
  },
);

it('an answer that is made again takes no room twice', () => {
  const payloads = new Payloads(MAX_BYTES);
  for (let i = 0; i < 30; i++) for (const key of keys.slice(0, 10)) payloads.put(key, 'a'.repeat(1_000));
  expect(keptOf(payloads)).toEqual(keys.slice(0, 10));
});

it('without room nothing is kept', () => {
  const payloads = new Payloads(0);
  payloads.put('1 0', 'a');
  expect(keptOf(payloads)).toEqual([]);
});
