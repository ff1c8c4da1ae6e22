/** The tables as the set-based writer needs them: made once from MikroORM's metadata, so that a column is declared in one place. Opens no connection. */
import { MikroORM, type Options } from '@mikro-orm/postgresql';

export interface TableColumn {
  readonly property: string;
  readonly column: string;
  /** The element type of the array parameter that carries it. */
  readonly type: string;
}

export interface Table {
  readonly entity: string;
  readonly name: string;
  readonly columns: ReadonlyMap<string, TableColumn>;
  readonly isVersioned: boolean;
  /** Place in the order in which rows are inserted, so that foreign keys hold. */
  readonly order: number;
}

export type Tables = ReadonlyMap<string, Table>;

const TYPES: readonly (readonly [RegExp, string])[] = [
  [/^(varchar|text|char)/, 'text'],
  [/^uuid/, 'uuid'],
  [/^bigint/, 'bigint'],
  [/^int/, 'int'],
  [/^numeric/, 'numeric'],
  [/^boolean/, 'boolean'],
  [/^date/, 'date'],
  [/^timestamptz/, 'timestamptz'],
  [/^jsonb/, 'jsonb'],
];

function elementType(columnType: string, where: string): string {
  const found = TYPES.find(([pattern]) => pattern.test(columnType));
  if (!found) throw new Error(`${where} has the column type ${columnType}, which the set-based writer doesn't know`);
  return found[1];
}

/** `entities` in the order of the modules. */
export async function tablesOf(entities: readonly { readonly meta: { readonly className: string } }[]): Promise<Tables> {
  const orm = await MikroORM.init({
    entities: entities as unknown as NonNullable<Options['entities']>,
    dbName: 'cashgraph',
    discovery: { warnWhenNoEntities: false },
    ensureDatabase: false,
  });
  const tables = new Map<string, Table>();
  for (const { className } of entities.map((entity) => entity.meta)) {
    const meta = orm.getMetadata().getByClassName(className);
    const columns = new Map<string, TableColumn>();
    for (const prop of Object.values(meta.properties)) {
      const { name: property, fieldNames, columnTypes } = prop as { name: string; fieldNames: string[]; columnTypes: string[] };
      columns.set(property, {
        property,
        column: fieldNames[0] ?? property,
        type: elementType(columnTypes[0] ?? '', `${meta.className}.${property}`),
      });
    }
    tables.set(meta.className, {
      entity: meta.className,
      name: meta.tableName,
      columns,
      isVersioned: columns.has('version'),
      order: tables.size,
    });
  }
  return tables;
}

export function tableOf(tables: Tables, entity: string): Table {
  const table = tables.get(entity);
  if (!table) throw new Error(`No entity is called ${entity}`);
  return table;
}
