/** What a difference comes from, as far as it can be told: by what waits, was refused, is on its way, or is not followed. */
import { compareDecimal, decimal, decimalText, subtractDecimal } from '../../kernel/decimal.ts';
import { sql } from '../../read/sql.ts';
import type { OpenConnection, SyncEngines } from '../engine.ts';
import { counted, type Finding, finding } from './finding.ts';
import { isSameAmount, type Missing, type MonthSum, type OpenDifference, type Tally } from './tally.ts';

type Gaps = Pick<Missing, 'waiting' | 'refused' | 'ignored'>;

/** @example gaps({ waiting: 2, refused: 0, ignored: 0 }) // ['2 records wait for others.'] */
function gaps({ waiting, refused, ignored }: Gaps): readonly string[] {
  return [
    waiting > 0 ? `${counted(waiting, 'record waits', 'records wait')} for others.` : '',
    refused > 0 ? `${counted(refused, 'record was', 'records were')} refused here: the issues say why.` : '',
    ignored > 0
      ? `${counted(ignored, 'record was made there, where the platform has authority over it', 'records were made there, where the platform has authority over them')}.`
      : '',
  ].filter((sentence) => sentence !== '');
}

/** No document of it differs. */
const NOT_KNOWN = 'It comes from something that is on one side only, such as a journal entry or an opening balance.';

export const sumFindings = ({ sums }: Tally): readonly Finding[] =>
  [...sums.values()].filter((sum) => compareDecimal(sum.ours, sum.theirs) !== 0).map(sumFinding);

const sumFinding = (sum: MonthSum): Finding =>
  finding({
    kind: 'SUM',
    stream: sum.stream,
    legalEntityId: sum.legalEntityId,
    period: sum.period,
    currency: sum.currency,
    ours: decimalText(sum.ours),
    theirs: decimalText(sum.theirs),
    cause: gaps(sum).join(' ') || 'A document that is here has another total there.',
  });

/** What is under way about records of the connection, or was refused there, by record and by account. */
interface Asked {
  readonly sent: ReadonlySet<string>;
  readonly refused: ReadonlySet<string>;
}

export async function askedOf(engines: SyncEngines, { tenantId, id }: OpenConnection): Promise<Asked> {
  const rows = await engines.inTenant(tenantId, (session) =>
    session.rows<{ recordId: string; accountId: string; lifecycle: string }>(sql`
      select record_id as "recordId", account_id as "accountId", lifecycle from erp_request r
      where r.tenant_id = ${tenantId} and r.connection_id = ${id} and (r.lifecycle = 'SENT' or r.lifecycle = 'REFUSED'
        and exists (select from sync_issue i where i.tenant_id = r.tenant_id and i.erp_request_id = r.id and i.lifecycle = 'OPEN'))`),
  );
  const idsOf = (lifecycle: string) =>
    new Set(rows.flatMap((row) => (row.lifecycle === lifecycle ? [row.recordId, row.accountId] : [])));
  return { sent: idsOf('SENT'), refused: idsOf('REFUSED') };
}

const asked = ({ sent, refused }: Asked, id: string | null): readonly string[] => [
  ...(id !== null && sent.has(id) ? ['Something about it is on its way there.'] : []),
  ...(id !== null && refused.has(id) ? ['Something about it was refused there: the issues say why.'] : []),
];

const others = (missing: Missing | undefined): readonly string[] =>
  missing && missing.others > 0
    ? ['A payment there is set against a document that does not come here, such as a journal entry.']
    : [];

export const openFindings = (tally: Tally, requests: Asked): readonly Finding[] =>
  tally.open.map((difference) => {
    const { stream, legalEntityId, externalId, here, theirs } = difference;
    return finding({
      kind: 'DOCUMENT',
      stream,
      legalEntityId,
      accountId: here.accountId,
      recordId: here.recordId,
      externalId,
      currency: here.currency,
      ours: here.open,
      theirs,
      cause: openCause(tally, requests, difference),
    });
  });

function openCause({ missing }: Tally, requests: Asked, { customer, here, theirs }: OpenDifference): string {
  const gap = missing.get(customer);
  const known = [...asked(requests, here.recordId), ...(gap ? gaps(gap) : []), ...others(gap)];
  const more = subtractDecimal(decimal(theirs), decimal(here.open));
  if (!isSameAmount(here.writtenOff, '0') && isSameAmount(here.writtenOff, decimalText(more)))
    known.unshift('It was written off here.');
  if (known.length > 0) return known.join(' ');
  return compareDecimal(decimal(theirs), decimal(here.open)) < 0
    ? 'Something that does not come here, such as a journal entry, is set against it there.'
    : 'Something is set against it here that the ERP does not know of.';
}

/** Of a customer's balance. */
export function balanceCause(tally: Tally, requests: Asked, accounts: ReadonlyMap<string, string>): (customer: string) => string {
  const open = new Map<string, number>();
  for (const { customer } of tally.open) open.set(customer, (open.get(customer) ?? 0) + 1);
  return (customer) => {
    const gap = tally.missing.get(customer);
    const differing = open.get(customer) ?? 0;
    const known = [
      ...(accounts.has(customer) ? [] : ['The customer is not here.']),
      ...asked(requests, accounts.get(customer) ?? null),
      ...(gap ? gaps(gap) : []),
      ...others(gap),
      ...(differing > 0 ? [`${counted(differing, 'document has', 'documents have')} another amount open there.`] : []),
    ];
    return known.join(' ') || NOT_KNOWN;
  };
}
