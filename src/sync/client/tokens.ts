/**
 * The tokens of a connection, renewed once for all processes: who renews holds the row's lock from before the request until the new
 * tokens are stored, and looks first whether somebody else has done it. An ERP that rotates its refresh tokens makes the old one
 * worthless with its answer, so what it gave is stored again by another way when that transaction can't commit.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { AuthScheme, Tokens, TokenStore } from '../../connect/auth.ts';
import { requestTokens } from '../../connect/erp-client.ts';
import { ExternalError } from '../../connect/external-error.ts';
import { type PoolClient, type Queryable, transaction } from '../../outbox/connection.ts';
import type { SyncEngines } from '../engine.ts';
import { signedIn, signedOut } from './health.ts';

export interface TokenOwner {
  readonly tenantId: string;
  readonly connectionId: string;
  /** What people call the connection. */
  readonly name: string;
  readonly auth: AuthScheme;
  readonly credentialsVersion: number;
}

/** One that runs out sooner is renewed before it is used. */
const MARGIN_MS = 60_000;
/** For the ERP's answer, while the row is locked: longer than a request may take. */
const ANSWER_MS = 40_000;
/** Nobody has fetched any yet. */
const NONE = '';

interface Row {
  readonly credentials_version: number;
  readonly sealed_tokens: string;
  readonly generation: number;
}

type Kept = Omit<Tokens, 'expiresAt' | 'refreshExpiresAt'> & {
  readonly expiresAt: string | null;
  readonly refreshExpiresAt: string | null;
};

export function createTokenStore(engines: SyncEngines, owner: TokenOwner): TokenStore {
  let held: Tokens | null = null;
  const holds = (tokens: Tokens | null, refused?: string): tokens is Tokens =>
    tokens !== null &&
    tokens.accessToken !== refused &&
    (tokens.expiresAt === null || tokens.expiresAt.getTime() - engines.clock.now().getTime() > MARGIN_MS);
  return {
    async token(refused) {
      if (!holds(held, refused)) held = await renewed(engines, owner, (tokens) => holds(tokens, refused));
      return held.accessToken;
    },
  };
}

async function renewed(engines: SyncEngines, owner: TokenOwner, holds: (tokens: Tokens) => boolean): Promise<Tokens> {
  let fetched: { readonly tokens: Tokens; readonly after: number } | null = null;
  try {
    return await transaction(engines.pool, async (client) => {
      const row = await lockedRow(client, owner);
      const current = opened(engines, owner, row);
      if (current && holds(current)) return current;
      const { http, clock } = engines;
      const tokens = await requestTokens({ http, auth: owner.auth, current, now: clock.now() });
      fetched = { tokens, after: row.generation };
      await store(engines, { client, owner, ...fetched });
      await signedIn(client, owner);
      return tokens;
    });
  } catch (error) {
    // the ERP has given them, and may not do so again
    if (fetched !== null) return storedAgain(engines, owner, fetched);
    if (error instanceof ExternalError && error.kind === 'AUTH') {
      const message = `${owner.name} lets us in no more${error.words === '' ? '' : ` (${error.words})`}: sign in there again, and enter the new credentials.`;
      await signedOut(engines.pool, owner, message);
      throw new ExternalError(message, {
        kind: 'AUTH',
        words: error.words,
        ...(error.status === null ? {} : { status: error.status }),
      });
    }
    throw error;
  }
}

async function lockedRow(client: PoolClient, { tenantId, connectionId, credentialsVersion }: TokenOwner): Promise<Row> {
  await client.query(`set local idle_in_transaction_session_timeout = ${ANSWER_MS}`);
  const who = [tenantId, connectionId];
  await client.query(
    `insert into connection_token (tenant_id, connection_id, credentials_version, sealed_tokens, refreshed_at, generation)
     values ($1, $2, $3, $4, clock_timestamp(), 0) on conflict do nothing`,
    [...who, credentialsVersion, NONE],
  );
  const { rows } = await client.query<Row>(
    'select credentials_version, sealed_tokens, generation from connection_token where tenant_id = $1 and connection_id = $2 for update',
    who,
  );
  const [row] = rows;
  if (!row) throw new Error(`The tokens of connection ${connectionId} are gone`);
  return row;
}

const placeOf = ({ tenantId, connectionId }: TokenOwner) => ({ tenantId, recordId: connectionId, field: 'tokens' });

/** Null where there are none, and where they are of former credentials. */
function opened({ vault }: SyncEngines, owner: TokenOwner, row: Row): Tokens | null {
  if (row.sealed_tokens === NONE || row.credentials_version !== owner.credentialsVersion) return null;
  const kept = JSON.parse(vault.open(row.sealed_tokens, placeOf(owner))) as Kept;
  const day = (text: string | null) => (text === null ? null : new Date(text));
  return { ...kept, expiresAt: day(kept.expiresAt), refreshExpiresAt: day(kept.refreshExpiresAt) };
}

interface Storing {
  readonly client: Queryable;
  readonly owner: TokenOwner;
  readonly tokens: Tokens;
  /** The generation that they follow. */
  readonly after: number;
}

async function store({ vault }: SyncEngines, { client, owner, tokens, after }: Storing): Promise<boolean> {
  const { tenantId, connectionId, credentialsVersion } = owner;
  const sealed = vault.seal(JSON.stringify(tokens), placeOf(owner));
  const { rowCount } = await client.query(
    `insert into connection_token as t (tenant_id, connection_id, credentials_version, sealed_tokens, expires_at, refreshed_at, generation)
     values ($1, $2, $3, $4, $5, clock_timestamp(), $6 + 1)
     on conflict (tenant_id, connection_id) do update set credentials_version = excluded.credentials_version,
       sealed_tokens = excluded.sealed_tokens, expires_at = excluded.expires_at, refreshed_at = excluded.refreshed_at,
       generation = excluded.generation where t.generation = $6`,
    [tenantId, connectionId, credentialsVersion, sealed, tokens.expiresAt, after],
  );
  return (rowCount ?? 0) > 0;
}

/** Of storing them once more: as long as a database takes to come back, or to be another one. */
const PAUSES_MS = [0, 200, 1_000, 3_000, 6_000];

/** Where nobody has stored newer ones meanwhile; theirs are as good. */
async function storedAgain(
  engines: SyncEngines,
  owner: TokenOwner,
  fetched: { readonly tokens: Tokens; readonly after: number },
): Promise<Tokens> {
  for (let tries = 0; ; tries++) {
    await sleep(PAUSES_MS[tries]);
    try {
      await store(engines, { client: engines.pool, owner, ...fetched });
      return fetched.tokens;
    } catch (error) {
      if (tries === PAUSES_MS.length - 1) throw error;
    }
  }
}
