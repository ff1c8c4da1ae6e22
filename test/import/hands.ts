// A company whose background work stands still: a test does the steps of an import itself, and may stop it anywhere.
import { mkdtempSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Principal } from '../../src/access/principal.ts';
import { ensureActor, ensureTenant } from '../../src/cli/tenant.ts';
import { loadConfig } from '../../src/config.ts';
import { systemClock } from '../../src/kernel/clock.ts';
import { publicId } from '../../src/kernel/ids.ts';
import { seededRandom } from '../../src/kernel/random.ts';
import { createPlatform } from '../../src/platform.ts';
import type { ImportEngines } from '../../src/transport/import/engines.ts';
import { importTask } from '../../src/transport/import/job.ts';
import { partPath } from '../../src/transport/import/upload-folder.ts';
import { makeFolder } from '../../src/transport/data-folder.ts';
import { createUploadDesk } from '../../src/transport/import/receive.ts';
import { withClient } from '../support/connection.ts';
import { type FreshDatabase, freshDatabase } from '../support/database.ts';
import { broken } from '../support/invariants.ts';

const ISSUER = 'urn:cashgraph:local';

/** Rows of a page, so that a few lines are several pages. */
const PAGE_ROWS = 4;

/** What is there, behind the API's back. */
function looksInto({ connection }: FreshDatabase) {
  const rows = <T extends object>(text: string, values: readonly unknown[] = []) =>
    withClient(connection, async (client) => (await client.query<T>(text, [...values])).rows);
  return {
    state: async (id: string) =>
      (
        await rows<Record<string, unknown>>(
          `select lifecycle, row_count, new_count, unchanged_count, refused_count, run_count, error_code, done_lines::text,
             (select coalesce(json_agg(json_build_array(line, field, code) order by line, place), '[]'::json) from import_refusal r where r.import_id = i.id) as refusals
           from import i where id = $1`,
          [id],
        )
      )[0],
    books: async () =>
      rows<Record<string, unknown>>(
        `select c.number as customer, i.number, i.total_minor, i.issued_on::text from invoice i
         join customer_account a on a.tenant_id = i.tenant_id and a.id = i.account_id join customer c on c.tenant_id = a.tenant_id and c.id = a.customer_id order by i.number, i.id`,
      ),
  };
}

export async function openHands() {
  const database = await freshDatabase();
  const address = { connection: database.connection, rolePrefix: 'cashgraph' };
  const dataDir = mkdtempSync(join(tmpdir(), 'cashgraph-import-'));
  const config = loadConfig(
    { NODE_ENV: 'test' },
    { PORT: 0, CASHGRAPH_DATA_DIR: dataDir, LOG_LEVEL: 'silent', CHUNK_MAX_COUNT: PAGE_ROWS },
  );
  const { id: tenantId } = await ensureTenant(
    address,
    { slug: 'acme', name: 'acme', groupCurrency: 'EUR', isSandbox: true },
    systemClock,
  );
  await ensureActor(address, tenantId, { name: 'Anna', issuer: ISSUER, subject: 'anna', roles: ['admin'] });
  const clock = systemClock;
  /** Never started. */
  const platform = await createPlatform({ ...address, clock, randomness: seededRandom(database.name), config, secretKeys: [] });
  const anna = (await platform.signIn.bySubject({ issuer: ISSUER, subject: 'anna', tenant: 'acme' })) as Principal;
  const run = async (command: string, input: unknown): Promise<string> => {
    const outcome = await platform.write.run(platform.command(command), input, { principal: anna, requestId: 'test' });
    if (!outcome.ok) throw new Error(JSON.stringify(outcome.problems));
    return outcome.recordId;
  };
  const faults: unknown[] = [];
  const engines: ImportEngines = {
    ...platform.sync,
    vault: { digests: () => [] },
    limits: config.limits,
    folder: config.uploadsDir,
    principalOf: (who) => platform.signIn.byId(who),
    isStopping: () => false,
    onError: (error) => faults.push(error),
  };
  return {
    ...looksInto(database),
    connection: database.connection,
    dataDir,
    engines,
    faults,
    run,
    /** The ids of an import of a file that is here. */
    async start(kind: string, text: string, more: object = {}) {
      const sizeBytes = Buffer.byteLength(text);
      const id = await run('createUpload', { kind, format: 'CSV', fileName: 'file.csv', sizeBytes });
      makeFolder(config.uploadsDir);
      await writeFile(partPath(config.uploadsDir, id), '');
      const desk = createUploadDesk(engines);
      const upload = await desk.find(id);
      if (!upload) throw new Error('There is no upload');
      await desk.receive(
        upload,
        { from: 0, to: sizeBytes },
        (async function* () {
          yield Buffer.from(text);
        })(),
      );
      return { tenantId, id: await run('startImport', { uploadId: publicId('upl', id), ...more }) };
    },
    /** Works on it with these hands, to its end or to where they fail. */
    work: (payload: { tenantId: string; id: string }, hands: Partial<ImportEngines> = {}) =>
      importTask({ ...engines, ...hands })(payload, { attempt: 1, signal: new AbortController().signal, check: async () => {} }),
    async broken() {
      await platform.sealer.sealed();
      return broken(database, tenantId);
    },
    close: () => platform.close(),
  };
}

export type Hands = Awaited<ReturnType<typeof openHands>>;
