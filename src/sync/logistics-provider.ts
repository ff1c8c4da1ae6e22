/** A logistics provider as this side deals with it: where it is, and the secrets that are shared with it. Only here they are opened. */
import type { SecretPlace, Vault } from '../kernel/sealed.ts';
import { SECRET_FIELD } from '../o2c/fulfilment/index.ts';
import { type Sql, sql } from '../read/sql.ts';

/** Reads in the role `system`, where no policy stands between tenants: every statement names its tenant. */
export type SystemRows = <T>(source: Sql) => Promise<readonly T[]>;

export interface ProviderRow {
  readonly tenantId: string;
  readonly id: string;
  readonly code: string;
  readonly baseUrl: string;
  readonly sealedSecret: string;
  readonly previousSealedSecret: string | null;
  readonly previousSecretUntil: Date | null;
  /** How far the tenant's business clock runs ahead: others report by the wall clock. */
  readonly clockOffsetMs: string;
}

/** Of a provider `p` and its tenant `t`. */
export const PROVIDER_COLUMNS: Sql = sql`p.tenant_id as "tenantId", p.id, p.code, p.base_url as "baseUrl", p.sealed_secret as "sealedSecret",
  p.previous_sealed_secret as "previousSealedSecret", p.previous_secret_until as "previousSecretUntil", t.clock_offset_ms::text as "clockOffsetMs"`;

export const secretPlace = ({ tenantId, id }: Pick<ProviderRow, 'tenantId' | 'id'>): SecretPlace => ({
  tenantId,
  recordId: id,
  field: SECRET_FIELD,
});

/** The newest first; the one before it while it still holds. @throws NOT_CONFIGURED, SECRET_UNREADABLE */
export function secretsOf(provider: ProviderRow, vault: Vault, now: Date): readonly string[] {
  const { sealedSecret, previousSealedSecret, previousSecretUntil } = provider;
  const isPreviousValid = previousSealedSecret !== null && previousSecretUntil !== null && previousSecretUntil > now;
  const sealed = isPreviousValid ? [sealedSecret, previousSealedSecret] : [sealedSecret];
  return sealed.map((text) => vault.open(text, secretPlace(provider)));
}

/** Business time of what another system reports by the wall clock. */
export const businessTime = (instant: Date, { clockOffsetMs }: Pick<ProviderRow, 'clockOffsetMs'>): Date =>
  new Date(instant.getTime() + Number(clockOffsetMs));
