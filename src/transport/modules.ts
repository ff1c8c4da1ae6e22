/** Every module of the platform: the nouns, and what the engines above them have of their own. */
import { modules as nouns } from '../o2c/index.ts';
import { connectionModule } from '../sync/connection/index.ts';
import { exportModule } from './export/index.ts';
import { importModule } from './import/index.ts';
import { usageModule } from './usage/index.ts';
import { webhookEndpointModule } from './webhook-endpoint/index.ts';

const others = [...nouns, connectionModule, exportModule, importModule, usageModule];

export const modules = [...others, webhookEndpointModule(others)];
