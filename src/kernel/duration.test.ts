// Spans of time in ISO 8601.
import { expect, it } from 'vitest';
import { durationMs, secondsText } from './duration.ts';

it.each([
  ['PT5M', 300_000],
  ['PT10S', 10_000],
  ['P1D', 86_400_000],
  ['P1DT1H1M1S', 90_061_000],
  ['PT0S', 0],
])('reads %s', (text, ms) => {
  expect(durationMs(text)).toBe(ms);
});

it.each(['', 'P', 'PT', 'P1DT', '5M', 'PT5', 'PT-5M', 'P1M', 'PT1.5S', 'pt5m', 'PT5M '])('refuses "%s"', (text) => {
  expect(durationMs(text)).toBeUndefined();
});

it('says seconds', () => {
  expect(secondsText(90_400)).toBe('90 seconds');
});
