/**
 * The keys that secrets in the database are sealed with. Production gets them from its operator only; development makes one in the
 * data folder, readable by its owner only.
 */
import { join } from 'node:path';
import type { Config } from '../config.ts';
import { systemRandom } from '../kernel/random.ts';
import { ownFile } from './data-folder.ts';

const KEY_BYTES = 32;

/** The newest first; none in production without CASHGRAPH_SECRET_KEY. @example const keys = await openSecretKeys(config) */
export async function openSecretKeys(
  config: Pick<Config, 'secretKeys' | 'isProduction' | 'dataDir'>,
): Promise<readonly Uint8Array[]> {
  if (config.secretKeys !== null || config.isProduction) return config.secretKeys ?? [];
  const path = join(config.dataDir, 'secret-key');
  const text = await ownFile(path, () => `${Buffer.from(systemRandom.bytes(KEY_BYTES)).toString('base64')}\n`);
  const key = Buffer.from(text.trim(), 'base64');
  if (key.length === KEY_BYTES) return [key];
  throw new Error(`The key in ${path} can not be read: put it back, or delete it and make the secrets in the database anew.`);
}
