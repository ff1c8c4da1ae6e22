/** How the simulator reads from JSON. */
import type { Body, Json } from './contract.ts';

export const isBody = (value: unknown): value is Body => typeof value === 'object' && value !== null && !Array.isArray(value);

/** Of a text, number or flag; empty for what is missing or is no single value. */
export const textOf = (value: Json | undefined): string =>
  value === undefined || value === null || typeof value === 'object' ? '' : String(value);
