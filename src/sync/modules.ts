/** Every module of the platform: the nouns, and what the engines above them have of their own. */
import { modules as nouns } from '../o2c/index.ts';
import { connectionModule } from './connection/index.ts';

export const modules = [...nouns, connectionModule];
