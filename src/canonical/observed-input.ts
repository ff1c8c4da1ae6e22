/** What every input of a command that observes says beside the document, and texts of an ERP as our columns hold them. Our ids are bare uuids: no client ever sends one. */
import { z } from 'zod';
import { dateTimeInput, formed } from '../kernel/input.ts';

export const uuidInput = formed(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/, 'must be a uuid');

export const observedInput = {
  /** Our record that it is, where that is known. */
  recordId: uuidInput.nullable(),
  legalEntityId: uuidInput,
  /** When it changed there, where the ERP says it. */
  occurredAt: dateTimeInput.nullable(),
  /** It is gone there: the rest of the input is what was known of it last. */
  isDeleted: z.boolean(),
};

/** Of a tenant-wide record, which several ERPs may know: the one that made it is followed. */
export const sharedInput = {
  ...observedInput,
  /** The connection made it, or would by this. */
  isOwner: z.boolean(),
};

const UNPRINTABLE = /[\p{Cc}\p{Cs}]+/gu;

/** In one line, no longer than our columns are meant for: what an ERP shows is never refused for its length. */
const inOneLine = (text: string, max: number): string =>
  Array.from(text.replace(UNPRINTABLE, ' ').trim()).slice(0, max).join('').trim();

export const observedText = (max = 255) =>
  z
    .string()
    .transform((text) => inOneLine(text, max))
    .refine((text) => text !== '', { error: 'must be a text that is not blank' });

/** A blank one is none. */
export const observedNote = (max = 255) =>
  z
    .string()
    .optional()
    .transform((text) => (text === undefined ? null : inOneLine(text, max) || null));
