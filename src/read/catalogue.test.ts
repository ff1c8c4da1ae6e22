// The catalogue, its check at boot, and predicates over it as SQL.
import { describe, expect, it } from 'vitest';
import { and, contains, eq, isIn, isNull, not, notIn, or, some, startsWith, TRUE } from '../kernel/predicate.ts';
import { createCatalogue, type EntityLike, type ReadDefinition, readRecord } from './catalogue.ts';
import { predicateSql } from './predicate-sql.ts';
import { shownFields } from './shown.ts';
import { sql, statement } from './sql.ts';

const entity = (className: string, properties: EntityLike['meta']['properties']): EntityLike => ({
  meta: { className, properties },
});
const description = 'A thing.';
const resource = { permission: 'things:read' } as const;

const House = entity('House', {
  id: { type: 'uuid' },
  searchName: { type: 'string' },
  builtOn: { type: 'date', nullable: true, shown: { description } },
  worthMinor: { type: 'bigint', shown: { description, money: { as: 'worth', currency: 'currency' } } },
  currency: { columnTypes: ['varchar(3)'] },
});
const Room = entity('Room', {
  id: { type: 'uuid' },
  houseId: { type: 'uuid', fieldName: 'in_house', shown: { description, ref: 'House' } },
  size: { type: 'decimal' },
});

const rooms = { kind: 'many', record: 'Room', by: 'houseId', order: ['-size'], connection: true, description } as const;
const house = { kind: 'one', record: 'House', by: 'houseId', description } as const;
const made = (houseRead: Partial<ReadDefinition> = {}, roomRead: Partial<ReadDefinition> = {}) =>
  createCatalogue([
    readRecord(House, { prefix: 'hs', description, resource, relations: { rooms }, ...houseRead }),
    readRecord(Room, { prefix: 'rm', description, resource, relations: { house }, ...roomRead }),
  ]);

describe('the catalogue', () => {
  it('knows tables, columns and what is shown', () => {
    const record = made().record('House');
    expect(record.table).toBe('house');
    expect(record.columns.searchName).toMatchObject({ column: 'search_name', type: 'text', isSearchText: true, meta: null });
    expect(record.columns.tenantId).toMatchObject({ column: 'tenant_id', type: 'uuid' });
    expect(shownFields(record).map(({ name, kind, nullable }) => [name, kind, nullable])).toEqual([
      ['id', 'scalar', false],
      ['builtOn', 'scalar', true],
      ['worth', 'money', false],
      ['rooms', 'many', false],
      ['roomsAggregate', 'aggregate', false],
    ]);
    expect(made().byPrefix('rm')?.columns.houseId?.column).toBe('in_house');
  });

  it.each<[string, Partial<ReadDefinition>, Partial<ReadDefinition>]>([
    ['House: the relation cellar leads to the record Cellar', { relations: { cellar: { ...rooms, record: 'Cellar' } } }, {}],
    [
      'Room has no property house, which the relation rooms of House names',
      { relations: { rooms: { ...rooms, by: 'house' } } },
      {},
    ],
    [
      'Room has no property width, which the relation rooms of House names',
      { relations: { rooms: { ...rooms, order: ['-width'] } } },
      {},
    ],
    ['Room has no property nope, which the relation house names', {}, { relations: { house: { ...house, by: 'nope' } } }],
    [
      'Room: the relation owner goes through door, which is no direct relation',
      {},
      { relations: { house, owner: { ...house, through: 'door' } } },
    ],
    [
      'House has no property ownerId, which the relation owner of Room names',
      {},
      { relations: { house, owner: { ...house, by: 'ownerId', through: 'house' } } },
    ],
    ['House has no property age, which order names', { order: ['-age'] }, {}],
    ['House has no property code, which root.keys names', { root: { one: 'house', many: 'houses', keys: [['code']] } }, {}],
    ['Room has no property accountId, which resource.account names', {}, { resource: { ...resource, account: 'accountId' } }],
    [
      'House.price is Money and gives no currency',
      { computed: { price: { kind: 'computed', description, type: 'Money', sql: () => sql`1` } } },
      {},
    ],
    ['House shows two fields with the name worth', { relations: { worth: rooms } }, {}],
    ['Room and House share the id prefix hs', {}, { prefix: 'hs' }],
  ])('stops the start: %s', (message, houseRead, roomRead) => {
    expect(() => made(houseRead, roomRead)).toThrow(message);
  });
});

describe('a predicate as SQL', () => {
  const catalogue = made();
  const render = (record: string, predicate: Parameters<typeof predicateSql>[0]['predicate']) =>
    statement(
      predicateSql({
        catalogue,
        record: catalogue.record(record),
        alias: 't',
        predicate,
        related: () => ({ where: sql`scope` }),
      }),
    );

  it('has its values as typed parameters', () => {
    expect(
      render(
        'House',
        and(eq('builtOn', '2026-01-01'), not(isNull('worthMinor')), or(eq('worthMinor', 7n), eq('currency', 'EUR'))),
      ),
    ).toEqual({
      text: '("t"."built_on" = $1::date and (not "t"."worth_minor" is null) and ("t"."worth_minor" = $2::bigint or "t"."currency" = $3::text))',
      values: ['2026-01-01', '7', 'EUR'],
    });
    expect(render('House', isIn('currency', ['EUR', null])).values).toEqual([['EUR']]);
    expect(render('House', notIn('currency', ['EUR'])).text).toBe('"t"."currency" <> all($1::text[])');
    expect(render('House', TRUE).text).toBe('true');
  });

  it('finds the beginnings of search texts by a range', () => {
    expect(render('House', startsWith('searchName', 'mu'))).toEqual({
      text: '("t"."search_name" >= $1::text and "t"."search_name" < $2::text)',
      values: ['mu', 'mu\u{10ffff}'],
    });
    expect(render('House', startsWith('currency', 'E')).text).toBe('starts_with("t"."currency", $1::text)');
    expect(render('House', contains('searchName', '%')).text).toBe('position($1::text in "t"."search_name") > 0');
  });

  it('leads to related rows under their scope', () => {
    expect(render('House', some('rooms', eq('size', '1.5'))).text).toBe(
      'exists (select from "room" "tr" where "tr"."tenant_id" = "t"."tenant_id" and "tr"."in_house" = "t"."id" and scope and "tr"."size" = $1::numeric)',
    );
    expect(render('Room', some('house', eq('currency', 'EUR'))).text).toContain('"tr"."id" = "t"."in_house" and scope');
    const predicate = some('rooms', TRUE);
    expect(() => predicateSql({ catalogue, record: catalogue.record('House'), alias: 't', predicate })).toThrow('no scope');
  });
});
