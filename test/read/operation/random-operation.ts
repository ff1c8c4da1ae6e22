// Random queries with everything that GraphQL lets a client write: aliases, fragments, directives, variables given, absent, null or by
// default, conditions, orders, cursors both ways, several root fields; and now and then a mistake.
import {
  type GraphQLField,
  type GraphQLInputObjectType,
  type GraphQLInputType,
  type GraphQLObjectType,
  type GraphQLSchema,
  getNamedType,
  getNullableType,
  isEnumType,
  isInputObjectType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
  isRequiredArgument,
} from 'graphql';
import type { Catalogue, ReadRecord } from '../../../src/read/catalogue.ts';
import { shownField } from '../../../src/read/shown.ts';
import type { Dice } from '../../access/random-where.ts';

/** What values are drawn from. */
export interface Pool {
  /** Public ids by kind of record, of all tenants. */
  readonly ids: Readonly<Record<string, readonly string[]>>;
  readonly texts: readonly string[];
  /** By root list and what its order is. */
  readonly cursors: Readonly<Record<string, readonly string[]>>;
}

export interface Asking {
  readonly schema: GraphQLSchema;
  readonly catalogue: Catalogue;
  readonly dice: Dice;
  readonly pool: Pool;
}

export interface RandomOperation {
  readonly source: string;
  readonly variables: Readonly<Record<string, unknown>>;
  /** Other variables for the same document, now and then of another shape. */
  readonly others: readonly Readonly<Record<string, unknown>>[];
}

/** A value as JSON, that knows how it is written in a document. */
type Value = string | number | boolean | null | EnumName | readonly Value[] | { readonly [key: string]: Value };
class EnumName {
  readonly name: string;
  constructor(name: string) {
    this.name = name;
  }
  toJSON(): string {
    return this.name;
  }
}

interface Declared {
  readonly name: string;
  readonly type: string;
  readonly fallback: Value | undefined;
  readonly draw: () => Value | undefined;
}

class Writer {
  readonly declared: Declared[] = [];
  readonly fragments: string[] = [];
  private readonly asking: Asking;
  private aliases = 0;

  constructor(asking: Asking) {
    this.asking = asking;
  }

  get dice(): Dice {
    return this.asking.dice;
  }

  chance(percent: number): boolean {
    return this.dice.roll(100) < percent;
  }

  root(): string {
    const { catalogue, schema } = this.asking;
    const query = schema.getQueryType();
    const records = catalogue.records.filter(({ definition }) => definition.root);
    const record = this.dice.pick(records);
    const { one = '', many = '' } = record.definition.root ?? {};
    const name = this.dice.pick([
      many,
      many,
      many,
      many,
      many,
      many,
      one,
      one,
      one,
      one,
      'node',
      'node',
      'nodes',
      'nodes',
      `${many}Aggregate`,
      '__typename',
    ]);
    const field = query?.getFields()[name];
    if (!field) return this.aliased('__typename');
    const args = name === 'node' || name === 'nodes' ? this.nodeArguments(field, record) : this.arguments(field, record);
    const inside = isObjectType(getNamedType(field.type))
      ? this.selection(getNamedType(field.type) as GraphQLObjectType, 3)
      : `${this.chance(50) ? '__typename' : 'id'} ... on ${record.name} { ${this.selection(schema.getType(record.name) as GraphQLObjectType, 2)} }`;
    return `${this.aliased(name)}${args}${this.directive()} { ${inside} }`;
  }

  private aliased(name: string): string {
    return this.chance(60) ? `a${(this.aliases += 1)}: ${name}` : name;
  }

  private directive(): string {
    if (!this.chance(8)) return '';
    const condition = this.chance(50) ? String(this.chance(50)) : this.variable('Boolean!', () => this.chance(60));
    return ` @${this.dice.pick(['skip', 'include'])}(if: ${condition})`;
  }

  private nodeArguments(field: GraphQLField<unknown, unknown>, record: ReadRecord): string {
    const { ids } = this.asking.pool;
    const id = (): Value => this.dice.pick(this.chance(80) ? (ids[record.name] ?? []) : Object.values(ids).flat());
    const [arg] = field.args;
    if (!arg) return '';
    const draw = (): Value => (arg.name === 'id' ? id() : Array.from({ length: this.dice.roll(5) }, id));
    return `(${arg.name}: ${this.written({ type: arg.type, draw })})`;
  }

  private arguments(field: GraphQLField<unknown, unknown>, record: ReadRecord): string {
    const orderBy = this.chance(40);
    // groups and conditions on them are tried where aggregates are
    const args = field.name.endsWith('Aggregate') ? field.args.filter(({ name }) => name === 'where') : field.args;
    const parts = args.flatMap((arg) => {
      const value = this.argument(field, { name: arg.name, type: arg.type, orderBy, record });
      return value === null ? [] : [`${arg.name}: ${value}`];
    });
    return parts.length === 0 ? '' : `(${parts.join(', ')})`;
  }

  private argument(field: GraphQLField<unknown, unknown>, asked: Argument): string | null {
    const { name, type, orderBy, record } = asked;
    const { cursors } = this.asking.pool;
    switch (name) {
      case 'first':
      case 'last':
        return this.chance(name === 'first' ? 60 : 12) ? this.written({ type, draw: () => this.dice.roll(7) }) : null;
      case 'after':
      case 'before': {
        const known = cursors[orderBy ? 'any' : field.name] ?? [];
        return known.length > 0 && this.chance(name === 'after' ? 25 : 10)
          ? this.written({ type, draw: () => this.dice.pick(known) })
          : null;
      }
      case 'where':
        return this.chance(55)
          ? this.written({ type, draw: () => this.condition(type as GraphQLInputObjectType, record, 2) })
          : null;
      case 'orderBy':
        return orderBy ? this.written({ type, draw: () => this.orders(type) }) : null;
      case 'asOf':
      case 'knownAt':
        return this.chance(25) ? this.written({ type, draw: () => this.leaf(type) }) : null;
      default:
        return isNonNullType(type) || this.chance(45) ? this.written({ type, draw: () => this.keyValue(name, record) }) : null;
    }
  }

  private keyValue(name: string, record: ReadRecord): Value {
    const { ids, texts } = this.asking.pool;
    if (name === 'id') return this.dice.pick(ids[this.chance(85) ? record.name : 'Customer'] ?? []);
    if (name === 'legalEntity') return this.dice.pick(['LE1', 'LE2', 'LE9', ...(ids['LegalEntity'] ?? [])]);
    const shown = shownField(record, name);
    const ref = shown?.kind === 'scalar' ? shown.ref : null;
    return ref === null ? this.dice.pick(texts) : this.dice.pick(ids[ref] ?? []);
  }

  private orders(type: GraphQLInputType): Value {
    const input = getNamedType(type) as GraphQLInputObjectType;
    const field = getNamedType(input.getFields()['field']?.type);
    const names = isEnumType(field) ? field.getValues().map((one) => one.name) : [];
    return Array.from({ length: this.dice.roll(4) }, () => ({
      field: new EnumName(this.dice.pick(names)),
      ...(this.chance(70) ? { direction: new EnumName(this.dice.pick(['ASC', 'DESC'])) } : {}),
    }));
  }

  private condition(input: GraphQLInputObjectType, record: ReadRecord, depth: number): Value {
    const fields = Object.values(input.getFields()).filter(({ type }) => depth > 0 || !/Where/.test(getNamedType(type).name));
    const some = Array.from({ length: this.chance(70) ? 1 : 2 }, () => this.dice.pick(fields));
    return Object.fromEntries(
      some.map(({ name, type }): [string, Value] => {
        if (this.chance(2)) return [name, null];
        const named = getNamedType(type) as GraphQLInputObjectType;
        if (name === 'and' || name === 'or')
          return [name, Array.from({ length: this.dice.roll(3) }, () => this.condition(named, record, depth - 1))];
        if (name === 'not') return [name, this.condition(named, record, depth - 1)];
        const shown = shownField(record, name);
        if (shown?.kind === 'many') {
          const other = this.asking.catalogue.record(shown.relation.record);
          const quantifier = this.dice.pick(Object.values(named.getFields()));
          return [name, { [quantifier.name]: this.condition(getNamedType(quantifier.type) as GraphQLInputObjectType, other, 0) }];
        }
        if (shown?.kind === 'one') {
          const other = this.asking.catalogue.record(shown.relation.record);
          return [name, this.condition(named, other, 0)];
        }
        return [name, this.operators(named, shown?.kind === 'scalar' ? (shown.ref ?? record.name) : record.name)];
      }),
    );
  }

  private operators(filter: GraphQLInputObjectType, kind: string): Value {
    const fields = Object.values(filter.getFields()).filter(({ name }) => name !== 'currency');
    const { name, type } = this.dice.pick(fields);
    const one = (): Value => this.leaf(getNullableType(getNamedType(type)), kind);
    const value = isListType(getNullableType(type)) ? Array.from({ length: this.dice.roll(4) }, one) : one();
    return { ...(filter.name === 'MoneyFilter' ? { currency: this.dice.pick(['EUR', 'JPY']) } : {}), [name]: value };
  }

  private leaf(type: GraphQLInputType, kind = ''): Value {
    const named = getNamedType(type);
    const { ids, texts } = this.asking.pool;
    if (isEnumType(named)) return new EnumName(this.dice.pick(named.getValues()).name);
    switch (named.name) {
      case 'Boolean':
        return this.chance(50);
      case 'Int':
        return this.dice.roll(40);
      case 'ID':
        return this.dice.pick(this.chance(95) ? (ids[kind] ?? Object.values(ids).flat()) : Object.values(ids).flat());
      case 'Date':
        return `2026-01-${String(1 + this.dice.roll(20)).padStart(2, '0')}`;
      case 'DateTime':
        return `2026-0${1 + this.dice.roll(3)}-01T0${this.dice.roll(9)}:00:00.000Z`;
      case 'Decimal':
        return this.dice.pick(['0', '10.00', '12.22', '-1.5', '1.25', '13.330']);
      case 'CurrencyCode':
        return this.dice.pick(['EUR', 'JPY', 'KWD']);
      case 'EmailAddress':
        return 'ann@example.com';
      default:
        return this.dice.pick(texts);
    }
  }

  /** As a literal, or as a variable in its place or inside. */
  private written({ type, draw }: { readonly type: GraphQLInputType; readonly draw: () => Value }): string {
    return this.chance(45) ? this.variable(String(type), draw) : this.literal(draw(), type);
  }

  private variable(type: string, draw: () => Value): string {
    const name = `v${this.declared.length + 1}`;
    const isNullable = !type.endsWith('!');
    const fallback = this.chance(20) ? draw() : undefined;
    const drawn = () =>
      isNullable && this.chance(8) ? null : (isNullable || fallback !== undefined) && this.chance(15) ? undefined : draw();
    this.declared.push({ name, type, fallback, draw: drawn });
    return `$${name}`;
  }

  private literal(value: Value, type: GraphQLInputType): string {
    const plain = getNullableType(type);
    if (value === null || value instanceof EnumName) return value === null ? 'null' : value.name;
    if (Array.isArray(value)) {
      const of = isListType(plain) ? plain.ofType : plain;
      return `[${value.map((one: Value) => this.inner(one, of)).join(', ')}]`;
    }
    if (typeof value !== 'object') return JSON.stringify(value);
    const fields = isInputObjectType(plain) ? plain.getFields() : {};
    const parts = Object.entries(value as Readonly<Record<string, Value>>).flatMap(([key, one]) => {
      const field = fields[key];
      return field ? [`${key}: ${this.inner(one, field.type)}`] : [];
    });
    return `{ ${parts.join(', ')} }`;
  }

  private inner(value: Value, type: GraphQLInputType): string {
    if (!this.chance(15)) return this.literal(value, type);
    const isStill = this.chance(50);
    const named = getNamedType(type);
    const draw = (): Value => (isStill || !isLeafType(named) || isListType(getNullableType(type)) ? value : this.leaf(named));
    return this.variable(String(type), draw);
  }

  selection(type: GraphQLObjectType, depth: number): string {
    const parts = Object.values(type.getFields()).flatMap((field) => this.field(field, depth));
    if (this.chance(15) || parts.length === 0) parts.push(this.aliased('__typename'));
    const shuffled = this.chance(50) ? parts.toReversed() : parts;
    if (this.chance(12)) return this.spread(type, shuffled);
    if (this.chance(10)) return `... on ${type.name}${this.directive()} { ${shuffled.join(' ')} } __typename`;
    return shuffled.join(' ');
  }

  /** Some of it in a fragment, some twice. */
  private spread(type: GraphQLObjectType, parts: readonly string[]): string {
    const name = `F${this.fragments.length + 1}`;
    const at = this.dice.roll(parts.length);
    this.fragments.push(`fragment ${name} on ${type.name} { ${parts.slice(at).join(' ')} }`);
    return `...${name} ${parts.slice(0, at).join(' ')} ${this.chance(30) ? `...${name}` : ''}`;
  }

  private field(field: GraphQLField<unknown, unknown>, depth: number): string[] {
    const { name, type } = field;
    const named = getNamedType(type);
    const isPart = ['nodes', 'edges', 'node', 'pageInfo', 'totalCount', 'cursor', 'amount', 'currency'].includes(name);
    // an estimate is another one each time, and what has to be told more is tried where aggregates are
    if (name === 'totalCountEstimate' || field.args.some(isRequiredArgument)) return [];
    if (isLeafType(named)) return this.chance(isPart ? 60 : 35) ? [`${this.aliased(name)}${this.directive()}`] : [];
    if (!isObjectType(named) || !this.chance(isPart ? 75 : 25) || (depth <= 0 && !isPart && named.name !== 'Money')) return [];
    const other = this.asking.catalogue.records.find((record) => `${record.name}Connection` === named.name);
    const args = other ? this.arguments(field, other) : '';
    return [`${this.aliased(name)}${args}${this.directive()} { ${this.selection(named, isPart ? depth : depth - 1)} }`];
  }

  literalOf(value: Value): string {
    if (value === null) return 'null';
    if (value instanceof EnumName) return value.name;
    if (Array.isArray(value)) return `[${value.map((one: Value) => this.literalOf(one)).join(', ')}]`;
    if (typeof value !== 'object') return JSON.stringify(value);
    return `{ ${Object.entries(value)
      .map(([key, one]) => `${key}: ${this.literalOf(one)}`)
      .join(', ')} }`;
  }
}

interface Argument {
  readonly name: string;
  readonly type: GraphQLInputType;
  readonly orderBy: boolean;
  readonly record: ReadRecord;
}

export function randomOperation(asking: Asking): RandomOperation {
  const writer = new Writer(asking);
  const roots = Array.from({ length: writer.chance(70) ? 1 : 1 + asking.dice.roll(3) }, () => writer.root());
  const declared = writer.declared.map(
    ({ name, type, fallback }) => `$${name}: ${type}${fallback === undefined ? '' : ` = ${writer.literalOf(fallback)}`}`,
  );
  const drawn = () => {
    const values = writer.declared.map(({ name, draw }) => [name, draw()] as const).filter(([, value]) => value !== undefined);
    return JSON.parse(JSON.stringify(Object.fromEntries(values))) as Readonly<Record<string, unknown>>;
  };
  return {
    source: `query${declared.length > 0 ? ` (${declared.join(', ')})` : ''} { ${roots.join(' ')} } ${writer.fragments.join(' ')}`,
    variables: drawn(),
    others: [drawn(), drawn()],
  };
}
