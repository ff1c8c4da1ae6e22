/**
 * Trusted documents from their table, with a memory of some seconds: what is added works at once, what is removed stops working when that
 * is over. While the database is away, what is remembered goes on working.
 */
import type { Clock } from '../kernel/clock.ts';
import type { Limits } from '../config.ts';
import { sha256 } from '../kernel/hash.ts';
import { type Sql, sql } from '../read/sql.ts';
import type { TrustedDocuments } from './persisted.ts';

export interface TrustedDocumentsOptions {
  /** In the system role. */
  readonly rows: <T>(source: Sql) => Promise<readonly T[]>;
  readonly clock: Clock;
  readonly limits: Pick<Limits, 'trustedDocumentsCacheMs' | 'documentCacheMaxCount' | 'documentCacheMaxChars'>;
}

interface Kept {
  readonly text: string;
  untilMs: number;
}

export function createTrustedDocuments({ rows, clock, limits }: TrustedDocumentsOptions): TrustedDocuments {
  const kept = new Map<string, Kept>();
  let chars = 0;

  const forget = (key: string): void => {
    chars -= kept.get(key)?.text.length ?? 0;
    kept.delete(key);
  };
  const keep = (key: string, text: string): void => {
    forget(key);
    kept.set(key, { text, untilMs: clock.now().getTime() + limits.trustedDocumentsCacheMs });
    chars += text.length;
    for (const oldest of kept.keys()) {
      if (kept.size <= limits.documentCacheMaxCount && chars <= limits.documentCacheMaxChars) break;
      forget(oldest);
    }
  };
  const find = async (key: string, source: Sql): Promise<string | null> => {
    const before = kept.get(key);
    if (before && before.untilMs > clock.now().getTime()) return before.text;
    try {
      const [found] = await rows<{ text: string }>(source);
      if (found) keep(key, found.text);
      else forget(key);
      return found?.text ?? null;
    } catch (error) {
      if (before) return before.text;
      throw error;
    }
  };
  const of = (tenantId: string): Sql => sql`(d.only_tenant_id is null or d.only_tenant_id = ${tenantId})`;
  return {
    byId: (tenantId, id) =>
      // the same id of all tenants stands for the same text
      find(
        `id ${tenantId} ${id}`,
        sql`select d.text from trusted_document d where d.document_id = ${id} and ${of(tenantId)} limit 1`,
      ),
    async hasText(tenantId, text) {
      const hash = sha256(text);
      const source = sql`select d.text from trusted_document d where d.sha256 = ${hash} and ${of(tenantId)} limit 1`;
      return (await find(`text ${tenantId} ${hash}`, source)) === text;
    },
  };
}
