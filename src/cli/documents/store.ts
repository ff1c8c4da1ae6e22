/** Trusted documents in the database: builds of clients, each added and removed as a whole. */
import { sha256 } from '../../kernel/hash.ts';
import { Failure } from '../failure.ts';
import type { DatabaseAddress } from '../session.ts';
import { asSystem } from '../session.ts';
import type { CheckedDocument, NamedDocument } from '../../transport/document-check.ts';

/** One version of a client, for the logins of all tenants or of one. */
export interface Build {
  readonly client: string;
  readonly version: string;
  readonly tenantId: string | null;
}

export interface StoredBuild {
  readonly client: string;
  readonly version: string;
  /** Its slug; null: all. */
  readonly tenant: string | null;
  readonly documents: number;
  readonly addedAt: Date;
}

/** The same id must mean the same text to everybody who can name it: a client is never given another's. */
const CLASHES = `
  select d.document_id as id, d.client, d.client_version as version from unnest($1::text[], $2::text[]) as n(id, sha256)
  join trusted_document d on d.document_id = n.id and d.sha256 <> n.sha256
  where (d.only_tenant_id is null or $3::uuid is null or d.only_tenant_id = $3::uuid)
    and not (d.client = $4 and d.client_version = $5 and d.only_tenant_id is not distinct from $3::uuid) limit 1`;

/** Adds a build, or puts it in the place of one with its name and version. @throws Failure when an id has another text elsewhere */
export async function addBuild(database: DatabaseAddress, build: Build, documents: readonly CheckedDocument[]): Promise<void> {
  const { client: name, version, tenantId } = build;
  const hashes = documents.map(({ text }) => sha256(text));
  const ids = documents.map(({ id }) => id);
  await asSystem(database, async (client) => {
    await client.query('begin');
    const { rows } = await client.query<{ id: string; client: string; version: string }>(CLASHES, [
      ids,
      hashes,
      tenantId,
      name,
      version,
    ]);
    const [clash] = rows;
    if (clash)
      throw new Failure(
        `The id ${clash.id} stands for another text in ${clash.client} ${clash.version}: give it another id, or remove that one.`,
      );
    await client.query(REMOVE, [name, version, tenantId]);
    await client.query(
      `insert into trusted_document (client, client_version, only_tenant_id, document_id, name, text, sha256)
       select $1, $2, $3::uuid, d.* from unnest($4::text[], $5::text[], $6::text[], $7::text[]) as d`,
      [name, version, tenantId, ids, documents.map((one) => one.name), documents.map(({ text }) => text), hashes],
    );
    await client.query('commit');
  });
}

const REMOVE =
  'delete from trusted_document where client = $1 and client_version = $2 and only_tenant_id is not distinct from $3::uuid';

/** How many documents it had. */
export const removeBuild = (database: DatabaseAddress, { client: name, version, tenantId }: Build): Promise<number> =>
  asSystem(database, async (client) => (await client.query(REMOVE, [name, version, tenantId])).rowCount ?? 0);

/** The newest first. */
export const listBuilds = (database: DatabaseAddress): Promise<readonly StoredBuild[]> =>
  asSystem(database, async (client) => {
    const { rows } = await client.query<StoredBuild>(
      `select d.client, d.client_version as version, t.slug as tenant, count(*)::int as documents, max(d.added_at) as "addedAt"
       from trusted_document d left join tenant t on t.tenant_id = d.only_tenant_id
       group by 1, 2, 3 order by max(d.added_at) desc, 1, 2, 3`,
    );
    return rows;
  });

export interface StoredDocument extends NamedDocument {
  /** The builds that have it, for people. */
  readonly builds: string;
}

/** Every document once. */
export const storedDocuments = (database: DatabaseAddress): Promise<readonly StoredDocument[]> =>
  asSystem(database, async (client) => {
    const { rows } = await client.query<StoredDocument>(
      `select document_id as id, text, string_agg(distinct client || ' ' || client_version, ', ') as builds
       from trusted_document group by document_id, sha256, text order by document_id`,
    );
    return rows;
  });
