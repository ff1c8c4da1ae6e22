// From a GraphQL document to a plain plan.
import { buildSchema, execute, type GraphQLResolveInfo, parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import { below, type PlannedField, planField } from './plan.ts';
import { selectionHash } from './selection-hash.ts';

const schema = buildSchema(`
  interface Node { id: ID }
  type A implements Node { id: ID, a(n: Int = 7, in: In): A, text: String }
  type B implements Node { id: ID, b: String }
  input In { x: Int, y: [String] }
  type Query { a(s: String): A, node: Node }
`);

function planned(source: string, variableValues: Record<string, unknown> = {}): PlannedField {
  let found: PlannedField | undefined;
  const note = (_: unknown, __: unknown, info: GraphQLResolveInfo) => {
    found = planField(info);
    return null;
  };
  const result = execute({
    schema,
    document: parse(source),
    variableValues,
    rootValue: {
      a: (args: unknown, context: unknown, info: GraphQLResolveInfo) => note(args, context, info),
      node: (args: unknown, context: unknown, info: GraphQLResolveInfo) => note(args, context, info),
    },
  });
  const [error] = (result as { errors?: readonly Error[] }).errors ?? [];
  if (error) throw error;
  if (!found) throw new Error('nothing was planned');
  return found;
}

/** `key:name(args)` and what is below, as text. */
function outline({ key, name, args, of }: PlannedField): string {
  const its = Object.keys(args).length > 0 ? `(${JSON.stringify(args)})` : '';
  return `${key === name ? name : `${key}:${name}`}${its}${of ? `{${of.map(outline).join(' ')}}` : ''}`;
}

describe('a plan', () => {
  it('merges what has one response name, through fragments of every kind', () => {
    const source = `{ a { id ...F ... on Node { id x: text } ... { a { id } } ... on B { b } } } fragment F on A { a { text } x: text }`;
    expect(outline(planned(source))).toBe('a{id a({"n":7}){text id} x:text}');
  });

  it('reads arguments with variables and defaults', () => {
    const source = 'query ($n: Int, $y: String = "z") { a { one: a(n: $n, in: { x: 1, y: [$y] }) { id } two: a(n: 2) { id } } }';
    expect(outline(planned(source))).toBe('a{one:a({"n":7,"in":{"x":1,"y":["z"]}}){id} two:a({"n":2}){id}}');
    expect(outline(planned(source, { n: 3 }))).toContain('one:a({"n":3');
  });

  it('leaves out what is skipped and keeps __typename', () => {
    const source =
      'query ($on: Boolean!) { a { __typename id @skip(if: $on) text @include(if: $on) ...F @include(if: false) } } fragment F on A { a { id } }';
    expect(outline(planned(source, { on: true }))).toBe('a{__typename text}');
    expect(outline(planned(source, { on: false }))).toBe('a{__typename id}');
  });

  it('has a part per type where the type is open', () => {
    const { byType, of } = planned('{ node { id ... on A { text } ... on B { b } } }');
    expect(of).toBeNull();
    expect(Object.entries(byType ?? {}).map(([type, fields]) => `${type} ${fields.map(outline).join(' ')}`)).toEqual([
      'A id text',
      'B id b',
    ]);
  });

  it('refuses the character U+0000 and more fields than a query needs', () => {
    expect(() => planned('{ a(s: "x\\u0000") { id } }')).toThrow('U+0000');
    const doubling = Array.from(
      { length: 20 },
      (_, n) => `fragment F${n} on A { x: a { ...F${n + 1} } y: a { ...F${n + 1} } }`,
    ).join(' ');
    expect(() => planned(`{ a { ...F0 } } ${doubling} fragment F20 on A { id }`)).toThrow('5000 fields');
  });

  it('finds fields at a path, one for each alias', () => {
    const plan = planned('{ a { one: a { a { id } } two: a { a { text } text } } }');
    expect(below(plan, ['a', 'a']).map(outline)).toEqual(['a({"n":7}){id}', 'a({"n":7}){text}']);
    expect(below(plan, ['text'])).toEqual([]);
  });

  it('hashes to the same for the same selection, whatever the field’s own arguments', () => {
    const hash = (source: string) => selectionHash(planned(source));
    expect(hash('{ a(s: "1") { id text } }')).toBe(hash('{ a(s: "2") { ... on A { id } text } }'));
    expect(hash('{ a { id } }')).not.toBe(hash('{ a { x: id } }'));
    expect(hash('{ a { a(n: 1) { id } } }')).not.toBe(hash('{ a { a(n: 2) { id } } }'));
  });
});
