// The platform of the ingest bench over a database of its own, with a connection to the bench's ERP, and reads of it as the scheduler makes them.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import 'reflect-metadata';
import pg from 'pg';
import { readPidFile } from '../../src/cli/embedded-postgres-process.ts';
import { startPostgres } from '../../src/cli/embedded-postgres.ts';
import { migrate } from '../../src/cli/migrate.ts';
import { ensureTenant } from '../../src/cli/tenant.ts';
import { loadConfig } from '../../src/config.ts';
import { systemClock } from '../../src/kernel/clock.ts';
import { publicId } from '../../src/kernel/ids.ts';
import { systemRandom } from '../../src/kernel/random.ts';
import { createPlatform, type Platform } from '../../src/platform.ts';
import { syncStream } from '../../src/sync/inbound/run.ts';
import { makeScratchFolder } from '../support/scratch.ts';
import type { BenchErp, Kind } from './ingest-erp.ts';

export interface Ours {
  /** The superuser's. */
  readonly admin: pg.Client;
  readonly postmasterPid: number;
  /** All of a stream, from its first page to its last. `onPage`: told how many rows were read. */
  sync(kind: Kind, onPage?: (rows: number) => void): Promise<void>;
  stop(): Promise<void>;
}

const SETTINGS = {
  fsync: 'off',
  synchronous_commit: 'off',
  autovacuum: 'off',
  io_method: 'sync',
  shared_buffers: '256MB',
  max_wal_size: '4GB',
};

export async function openOurs(erp: BenchErp): Promise<Ours> {
  const home = makeScratchFolder();
  const server = await startPostgres({ home, settings: SETTINGS, dieWithParent: true });
  const connection = { ...server.connection, database: 'postgres' };
  await migrate({ connection, folder: join(import.meta.dirname, '../../migrations') });
  const address = { connection, rolePrefix: 'cashgraph' };
  const tenant = { slug: 'acme', name: 'acme', groupCurrency: 'EUR', isSandbox: true };
  const { id: tenantId } = await ensureTenant(address, tenant, systemClock);
  const dataDir = mkdtempSync(join(tmpdir(), 'cashgraph-bench-'));
  const config = loadConfig({ NODE_ENV: 'test' }, { PORT: 0, CASHGRAPH_DATA_DIR: dataDir, LOG_LEVEL: 'silent' });
  const secretKeys = [systemRandom.bytes(32)];
  const of = { clock: systemClock, randomness: systemRandom, config, secretKeys, connectors: [erp.connector] };
  const platform = await createPlatform({ ...address, ...of });
  await connect(platform, tenantId);
  const admin = new pg.Client(connection);
  await admin.connect();
  const { rows } = await admin.query<{ id: string; name: string }>('select id, name from sync_stream');
  return {
    admin,
    postmasterPid: readPidFile(server.dataDir)?.pid ?? 0,
    async sync({ stream, count }, onPage) {
      const streamId = rows.find(({ name }) => name === stream)?.id ?? '';
      const { signal } = new AbortController();
      const onProgress = ({ read }: { readonly read: number }) => onPage?.(read);
      const result = await syncStream(platform.sync, { tenantId, streamId, mode: 'FULL', signal, onProgress });
      if (result.read !== count || result.refused + result.waiting > 0) throw new Error(`${stream}: ${JSON.stringify(result)}`);
    },
    async stop() {
      await admin.end();
      await platform.close();
      await server.stop();
      for (const folder of [home, dataDir]) rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function connect(platform: Platform, tenantId: string): Promise<void> {
  const principal = await platform.systemPrincipal(tenantId);
  const make = async (name: string, input: unknown): Promise<string> => {
    const outcome = await platform.write.run(platform.command(name), input, { principal, requestId: 'bench' });
    if (!outcome.ok) throw new Error(JSON.stringify(outcome.problems));
    return outcome.recordId;
  };
  const entity = { code: 'DE01', name: 'DE01', country: 'DE', functionalCurrency: 'EUR', timeZone: 'UTC' };
  const legalEntityId = publicId('le', await make('createLegalEntity', entity));
  const shared = { code: 'bench', name: 'Bench', connector: 'bench', config: {}, credentials: {} };
  await make('createConnection', { ...shared, legalEntities: [{ legalEntityId }] });
}
