/** Units of measure: SAP writes those of a language, documents those of UN/ECE; what the settings don't name stays as it is. */
import type { Settings } from './settings.ts';

export const unitOf = (unit: string | undefined, { units }: Settings): string | undefined =>
  unit === undefined ? undefined : (units[unit] ?? unit);

/** The other way: the first of those that stand for it. */
export const sapUnitOf = (unit: string, { units }: Settings): string =>
  Object.entries(units).find(([, ours]) => ours === unit)?.[0] ?? unit;
