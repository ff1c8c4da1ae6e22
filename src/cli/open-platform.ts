/** The platform of a command, closed with it. */
import type { Config } from '../config.ts';
import { systemClock } from '../kernel/clock.ts';
import { systemRandom } from '../kernel/random.ts';
import { createPlatform, type Platform } from '../platform.ts';
import type { PlatformOptions } from '../platform-engines.ts';
import { openSecretKeys } from '../transport/secret-key.ts';
import { loadConnectors } from './connectors.ts';
import type { Lifetime } from './lifetime.ts';
import type { DatabaseAddress } from './session.ts';

export interface OpenPlatform {
  readonly config: Config;
  readonly database: DatabaseAddress;
  readonly life: Lifetime;
  readonly onError?: (error: unknown) => void;
  readonly onTrace?: NonNullable<PlatformOptions['onTrace']>;
}

/** Its background work is not started: a command that only writes leaves that to a server, or asks for it at its end. */
export async function openPlatform({
  config,
  database: { connection, rolePrefix },
  life,
  onError,
  onTrace,
}: OpenPlatform): Promise<Platform> {
  const platform = await createPlatform({
    connection,
    rolePrefix,
    config,
    connectors: await loadConnectors(config.connectors),
    clock: systemClock,
    randomness: systemRandom,
    secretKeys: await openSecretKeys(config),
    ...(onError ? { onError } : {}),
    ...(onTrace ? { onTrace } : {}),
  });
  await life.own(() => platform.close());
  return platform;
}
