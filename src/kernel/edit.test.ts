import { describe, expect, it } from 'vitest';
import { editOf, fieldsOf } from './edit.ts';

const record = { name: 'Ada', email: 'ada@example.com', taxId: null, limitMinor: 5n };

describe('an edit', () => {
  it('holds what is new, and leaves out what is absent or the same', () => {
    expect(editOf(record, { name: 'Ada', email: 'new@example.com', taxId: undefined, limitMinor: 5n })).toEqual({
      email: 'new@example.com',
    });
  });

  it('clears by null, which is nothing new where nothing was', () => {
    expect(editOf(record, { email: null, taxId: null })).toEqual({ email: null });
  });

  it('is none when nothing is new', () => {
    expect(editOf(record, { name: 'Ada' })).toBeNull();
    expect(editOf(record, {})).toBeNull();
  });

  it('names its fields in order, as the graph shows them', () => {
    expect(fieldsOf({ name: 'Bo', email: null, limitMinor: 6n })).toBe('email limit name');
  });
});
