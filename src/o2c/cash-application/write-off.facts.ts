/** What writing off loads: the invoice with its items, what was given up of it before, and who was asked. */
import { sql } from '../../read/sql.ts';
import type { Tx } from '../../write/command.ts';
import { loadApprovals, loadOpenApprovals } from '../identity/index.ts';
import { loadDocuments, loadGivenUp } from './application.facts.ts';

export async function writeOffFacts(tx: Tx, invoices: readonly string[]) {
  const documents = await loadDocuments(tx, { invoices });
  return { ...documents, givenUp: await loadGivenUp(tx, documents.items) };
}
export type WriteOffFacts = Awaited<ReturnType<typeof writeOffFacts>>;

export async function requestFacts(tx: Tx, invoices: readonly string[]) {
  const facts = await writeOffFacts(tx, invoices);
  return { ...facts, approvals: await loadOpenApprovals(tx, { kind: 'WRITE_OFF', recordIds: invoices }) };
}

/** Invoices first and what was asked for then, as whoever asks locks them. */
export async function approveFacts(tx: Tx, approvalIds: readonly string[]) {
  const about = await tx.rows<{ record_id: string }>(
    sql`select record_id from approval where kind = 'WRITE_OFF' and id = any(${sql.uuids(approvalIds)})`,
  );
  const facts = await writeOffFacts(
    tx,
    about.map((a) => a.record_id),
  );
  return { ...facts, approvals: await loadApprovals(tx, approvalIds) };
}
