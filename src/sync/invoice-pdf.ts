/**
 * An invoice as the ERP prints it that it was read from, for somebody who waits for the file. It is never kept, and what is no PDF is not
 * passed on; a sentence of it may be read by a customer, so it says nothing of addresses or credentials.
 */
import { ExternalError } from '../connect/external-error.ts';
import { DomainError, type ErrorCode } from '../kernel/errors.ts';
import { sql } from '../read/sql.ts';
import { openConnection } from './client/open.ts';
import type { SyncEngines } from './engine.ts';
import { ERP_CODES, within } from './operations.ts';

const TIMEOUT_MS = 20_000;
const MAX_MB = 20;
const BYTES_PER_MB = 1_000_000;

interface Source {
  readonly connectionId: string;
  readonly name: string;
  readonly connector: string;
  readonly stream: string;
  readonly externalId: string;
}

/** Null: no connection that runs has it, or its connector prints none. @throws DomainError ERP_UNREACHABLE, ERP_SIGN_IN_REFUSED, ERP_REFUSED, and what opening throws */
export async function invoicePdf(engines: SyncEngines, tenantId: string, invoiceId: string): Promise<Uint8Array | null> {
  const [source] = await sourcesOf(engines, tenantId, invoiceId);
  if (!source) return null;
  const { connectionId, stream, externalId, name } = source;
  const connector = engines.connectors.get(source.connector);
  if (!connector?.invoicePdf) return null;
  const connection = await openConnection(engines, { tenantId, connectionId });
  const print = async (signal: AbortSignal) => connector.invoicePdf?.(connection.context(signal), { stream, externalId });
  const bytes = await within(TIMEOUT_MS, (signal) => print(signal).catch((error: unknown) => throwFor(error, name)));
  return checked(bytes, name);
}

/** What is gone there, or is no longer followed, is not asked for. */
const sourcesOf = ({ inTenant }: SyncEngines, tenantId: string, invoiceId: string): Promise<readonly Source[]> =>
  inTenant(tenantId, (session) =>
    session.rows<Source>(sql`
      select s.connection_id as "connectionId", c.name, c.connector, s.stream, s.external_id as "externalId"
      from erp_record s join connection c on c.tenant_id = s.tenant_id and c.id = s.connection_id
      where s.tenant_id = ${tenantId} and s.record_id = ${invoiceId} and s.record_kind = 'Invoice'
        and s.state not in ('GONE', 'IGNORED') and c.lifecycle = 'ACTIVE'
      order by s.is_made_there desc, s.synced_at desc limit 1`),
  );

function throwFor(error: unknown, name: string): never {
  if (!(error instanceof ExternalError)) throw error;
  const code = ERP_CODES[error.kind];
  throw new DomainError(code, sentenceOf(code, error.words, name), { details: { kind: error.kind } });
}

/** By code: an address, which the error itself has, is nobody's business who only reads an invoice. */
function sentenceOf(code: ErrorCode, words: string, name: string): string {
  const said = `${words === '' ? '' : `: ${words}`}${/[.!?]$/.test(words) ? '' : '.'}`;
  if (code === 'ERP_REFUSED') return `The invoice is printed by ${name}, which refuses to${said}`;
  if (code === 'ERP_SIGN_IN_REFUSED')
    return `The invoice is printed by ${name}, which does not let us in any more: an administrator has to sign in to it anew.`;
  return `The invoice is printed by ${name}, which gives no answer at the moment. Try again in a while.`;
}

/** @throws DomainError for what can't be given to anybody as an invoice */
function checked(bytes: Uint8Array | undefined, name: string): Uint8Array {
  if (!bytes || Buffer.from(bytes.subarray(0, 5)).toString('latin1') !== '%PDF-')
    throw new DomainError(
      'ERP_UNREACHABLE',
      `The invoice is printed by ${name}, which gave something that is no PDF. Try again in a while.`,
    );
  if (bytes.byteLength > MAX_MB * BYTES_PER_MB)
    throw new DomainError(
      'ERP_REFUSED',
      `${name} prints the invoice in more than ${MAX_MB} MB, which is too much to be passed on.`,
    );
  return bytes;
}
