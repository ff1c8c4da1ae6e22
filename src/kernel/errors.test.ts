import { describe, expect, it } from 'vitest';
import { DomainError, ERROR_CODES, type ErrorCode, isDomainError } from './errors.ts';

const codes = Object.keys(ERROR_CODES) as ErrorCode[];

describe('the closed list of errors', () => {
  it.each(codes)('%s says its cause and its remedy in a sentence each', (code) => {
    const { cause, remedy } = ERROR_CODES[code];
    for (const sentence of [cause, remedy]) expect(sentence).toMatch(/^[A-Za-z].*\.$/);
  });

  it.each(codes)('%s has an HTTP status that fits its kind', (code) => {
    const { httpStatus, kind, retryable } = ERROR_CODES[code];
    const range = { AUTH: [401, 403], USER: [403, 422], REQUEST: [400, 429], FAULT: [409, 504] }[kind];
    expect(httpStatus).toBeGreaterThanOrEqual(range[0] ?? 0);
    expect(httpStatus).toBeLessThanOrEqual(range[1] ?? 0);
    // a business refusal stays refused; too many, unavailable and too late pass by
    if (kind === 'USER') expect(retryable).toBe(false);
    if ([429, 503, 504].includes(httpStatus)) expect(retryable).toBe(true);
  });
});

describe('DomainError', () => {
  it('takes retryable from its code', () => {
    expect(new DomainError('CONFLICT_RETRY', 'x').retryable).toBe(true);
    expect(new DomainError('WRONG_STATE', 'x').retryable).toBe(false);
  });

  it('keeps details, path and cause, and has none of them when none are given', () => {
    const cause = new Error('below');
    const full = new DomainError('INVALID_INPUT', 'm', { details: { a: 1 }, path: ['lines', '0'], cause });
    expect(full).toMatchObject({ message: 'm', details: { a: 1 }, inputPath: ['lines', '0'], cause });
    const bare = new DomainError('INVALID_INPUT', 'm');
    expect(bare.details).toEqual({});
    expect('inputPath' in bare || 'cause' in bare).toBe(false);
  });

  it('is told apart from other errors, whatever they look like', () => {
    expect(isDomainError(new DomainError('INTERNAL', 'm'))).toBe(true);
    expect(isDomainError(Object.assign(new Error('m'), { code: 'INTERNAL', details: {} }))).toBe(false);
    expect(isDomainError(null)).toBe(false);
  });
});
