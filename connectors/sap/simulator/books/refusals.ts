/** What the simulated system says when it refuses: class and number of the message, and its words. */
import { SapRefusal } from '../model.ts';

/** Numbers as people write them. */
export const shown = (key: string): string => (/^\d+$/.test(key) ? key.replace(/^0+(?=\d)/, '') : key);

export const refuse = (code: string, message: string, target?: string): SapRefusal =>
  new SapRefusal(400, code, message, target === undefined ? [] : [{ code, message, severity: 'error', target }]);

export const notFound = (set: string): SapRefusal =>
  new SapRefusal(404, '/IWBEP/CM_MGW_RT/020', `Resource not found for segment '${set}Type'`);

export const notPossible = (set: string, what: string): SapRefusal =>
  new SapRefusal(405, '/IWFND/CM_MGW/096', `Method '${what}' not allowed for entity set '${set}'.`);

export const required = (set: string, property: string): SapRefusal =>
  refuse('/IWBEP/CM_MGW_RT/022', `Property '${property}' of '${set}' is required.`, property);
