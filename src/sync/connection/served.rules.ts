/** Which company of an ERP is which legal entity: what may be said of that, and the rows that say it. Pure. */
import { AUTHORITY_KINDS, type Connector } from '../../connect/connector.ts';
import { DomainError, type ErrorCode } from '../../kernel/errors.ts';
import { idOf, list, object, optional, text } from '../../kernel/input.ts';
import type { CommandContext, RowChange } from '../../write/command.ts';
import type { ServedFacts, ServedRow, Wanted } from './served.facts.ts';

const SERVED_MAX_COUNT = 100;

export const servedInput = list(
  object('ServedLegalEntityInput', {
    legalEntityId: idOf('le').describe('The legal entity.'),
    externalId: optional(text({ max: 200 })).describe(
      'What the ERP calls the company whose books are its: a company code, a subsidiary. Needed where several are served, or where the ERP has several; `checkConnection` says which it has.',
    ),
  }),
  { min: 1, max: SERVED_MAX_COUNT },
);

const refused = (code: ErrorCode, message: string, [index, field]: readonly [number, string]) =>
  new DomainError(code, message, { path: ['legalEntities', String(index), field] });

/**
 * Each legal entity once, each company once, and none that another connection serves.
 * @throws NOT_FOUND, ALREADY_EXISTS, INVALID_INPUT that names the field
 */
export function requireServable({ entities, served }: ServedFacts, wanted: readonly Wanted[], connectionId: string | null): void {
  const companies = wanted.map((one) => one.externalId);
  const ids = wanted.map((one) => one.legalEntityId);
  wanted.forEach(({ legalEntityId, externalId }, i) => {
    const entity = entities.get(legalEntityId);
    if (!entity) throw refused('NOT_FOUND', 'There is no such legal entity.', [i, 'legalEntityId']);
    if (ids.indexOf(legalEntityId) !== i)
      throw refused('INVALID_INPUT', `${entity.code} stands in the list twice: name it once.`, [i, 'legalEntityId']);
    const other = served.find((s) => s.legalEntityId === legalEntityId && s.connectionId !== connectionId);
    if (other)
      throw refused(
        'ALREADY_EXISTS',
        `${entity.code} is served by ${other.name} already: each legal entity has one connection at most.`,
        [i, 'legalEntityId'],
      );
    if (externalId === undefined && wanted.length > 1)
      throw refused(
        'INVALID_INPUT',
        `externalId must say which company of the ERP ${entity.code} is, since the connection serves several legal entities.`,
        [i, 'externalId'],
      );
    if (externalId !== undefined && companies.indexOf(externalId) !== i)
      throw refused('INVALID_INPUT', `externalId must be another one for each legal entity: a company is one of them.`, [
        i,
        'externalId',
      ]);
  });
}

interface Serving {
  readonly connector: Connector;
  readonly connectionId: string;
}

/** That they are served, and who has authority over what of them: as the connector proposes, unless it was said before. */
export function servingRows(
  { said }: ServedFacts,
  wanted: readonly Wanted[],
  { connector, connectionId, context }: Serving & { readonly context: CommandContext },
) {
  const owner = { tenantId: context.tenant.id };
  const authorities = wanted.flatMap(({ legalEntityId }) =>
    AUTHORITY_KINDS.filter((kind) => !said.has(`${legalEntityId} ${kind}`)).map((recordKind) => ({
      ...owner,
      id: context.newId(),
      legalEntityId,
      recordKind,
      side: connector.authority[recordKind] ?? 'PLATFORM',
      version: 1,
      createdAt: context.now,
    })),
  );
  const rows: RowChange[] = [
    ...wanted.map(
      ({ legalEntityId, externalId = null }): RowChange => ({
        op: 'insert',
        entity: 'ConnectionLegalEntity',
        values: { ...owner, id: context.newId(), connectionId, legalEntityId, externalId },
      }),
    ),
    ...authorities.map((values): RowChange => ({ op: 'insert', entity: 'Authority', values })),
  ];
  return { rows, authorities };
}

export interface ServedChange {
  /** New, or another company from now on. */
  readonly put: readonly Wanted[];
  /** Rows that stand no more. */
  readonly gone: readonly ServedRow[];
}

/**
 * From what a connection serves to what it is to serve. A company whose documents came by it stays.
 * @throws WRONG_STATE, and what `requireServable` throws
 */
export function servedChange(facts: ServedFacts, wanted: readonly Wanted[], connectionId: string): ServedChange {
  requireServable(facts, wanted, connectionId);
  const before = facts.served.filter((s) => s.connectionId === connectionId);
  const wantedOf = (id: string) => wanted.find((one) => one.legalEntityId === id);
  const isAsWas = (row: ServedRow) => wantedOf(row.legalEntityId)?.externalId === (row.externalId ?? undefined);
  const gone = before.filter((row) => !wantedOf(row.legalEntityId) || !isAsWas(row));
  for (const row of gone) {
    // naming the company of one that had no name makes it no other one
    if (!row.hasDocuments || (row.externalId === null && wantedOf(row.legalEntityId))) continue;
    const index = wanted.findIndex((one) => one.legalEntityId === row.legalEntityId);
    const sentence =
      index < 0
        ? `${row.code} has documents that came by this connection, or were asked for: it can't be taken out.`
        : `${row.code} has documents of the company ${row.externalId ?? ''}: it can't be another one from now on.`;
    throw new DomainError('WRONG_STATE', sentence, {
      path: index < 0 ? ['legalEntities'] : ['legalEntities', String(index), 'externalId'],
    });
  }
  const stays = new Set(before.filter((row) => !gone.includes(row)).map((row) => row.legalEntityId));
  return { gone, put: wanted.filter((one) => !stays.has(one.legalEntityId)) };
}
