// What others' tools say of the published schema: the lint rules for schemas and for Relay, and composition into a supergraph.
import graphqlPlugin from '@graphql-eslint/eslint-plugin';
import { composeServices } from '@apollo/composition';
import { ESLint, type Linter } from 'eslint';
import { parse } from 'graphql';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const root = join(import.meta.dirname, '../..');
const FILE = 'schema/schema.graphql';
const subgraph = readFileSync(join(root, 'schema/subgraph.graphql'), 'utf8');

/** Where a rule of the recommended sets is asked to look away, and why. */
const ASIDE: Linter.RulesRecord = {
  // only records have ids: pages, payloads, rows of reports, amounts and other values have none
  '@graphql-eslint/strict-id-in-types': 'off',
  // connections have `nodes` beside `edges`, payloads have lists of errors, and the few lines of a document are a plain list
  '@graphql-eslint/relay-edge-types': [
    'error',
    { listTypeCanWrapOnlyEdgeType: false, shouldImplementNode: true, withEdgeSuffix: true },
  ],
  // kinds of records are told by the names of their types, so that they can be compared with `__typename`
  '@graphql-eslint/naming-convention': [
    'error',
    {
      types: 'PascalCase',
      FieldDefinition: 'camelCase',
      InputValueDefinition: 'camelCase',
      Argument: 'camelCase',
      DirectiveDefinition: 'camelCase',
      EnumValueDefinition: { style: 'UPPER_CASE', ignorePattern: '^([A-Z][a-z]+)+$' },
    },
  ],
  // the day of an order is `orderedOn`, which begins like "Order" and isn't a repetition of it
  '@graphql-eslint/no-typename-prefix': 'off',
};

it('passes the recommended lint rules for schemas and those for Relay', async () => {
  const { configs, parser } = graphqlPlugin;
  const eslint = new ESLint({
    cwd: root,
    overrideConfigFile: true,
    overrideConfig: [
      {
        files: ['**/*.graphql'],
        languageOptions: { parser, parserOptions: { graphQLConfig: { schema: join(root, FILE) } } },
        plugins: { '@graphql-eslint': graphqlPlugin as unknown as ESLint.Plugin },
        rules: {
          ...configs['flat/schema-recommended'].rules,
          ...configs['flat/schema-relay'].rules,
          ...ASIDE,
        },
      },
    ],
  });
  const results = await eslint.lintFiles([FILE]);
  expect(results).toHaveLength(1);
  expect(results.flatMap(({ messages }) => messages.map(({ line, message, ruleId }) => `${line} ${ruleId}: ${message}`))).toEqual(
    [],
  );
});

/** Another team's graph, which adds to our records and has pages of its own. */
const CRM = `
  extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@key", "@shareable"])
  type Query { visits(first: Int, after: String): VisitConnection! }
  type Customer @key(fields: "id") { id: ID! lastVisitOn: String }
  type Invoice @key(fields: "id", resolvable: false) { id: ID! }
  type Visit @key(fields: "id") { id: ID! customer: Customer! invoices: [Invoice!]! }
  type VisitEdge { cursor: String! node: Visit! }
  type VisitConnection { edges: [VisitEdge!]! pageInfo: PageInfo! }
  type PageInfo @shareable { hasNextPage: Boolean! hasPreviousPage: Boolean! startCursor: String endCursor: String }
`;

it('composes into a supergraph, alone and with a graph that adds to its records', () => {
  const cashgraph = { name: 'cashgraph', url: 'http://cashgraph/graphql', typeDefs: parse(subgraph) };
  const alone = composeServices([cashgraph]);
  expect(alone.errors).toBeUndefined();
  const both = composeServices([cashgraph, { name: 'crm', url: 'http://crm/graphql', typeDefs: parse(CRM) }]);
  expect(both.errors).toBeUndefined();
  expect(both.supergraphSdl).toContain('lastVisitOn: String @join__field(graph: CRM)');
});

it('is refused where a key is missing: composition would notice', () => {
  const broken = subgraph.replace('type Customer implements Node @key(fields: "id")', 'type Customer implements Node');
  expect(broken).not.toBe(subgraph);
  const { errors } = composeServices([
    { name: 'cashgraph', url: 'http://cashgraph/graphql', typeDefs: parse(broken) },
    { name: 'crm', url: 'http://crm/graphql', typeDefs: parse(CRM) },
  ]);
  expect(errors?.length).toBeGreaterThan(0);
});
