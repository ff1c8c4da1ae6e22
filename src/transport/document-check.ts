/** What is wrong with documents under a schema: what a server would refuse, by the same rules, and what they use that is deprecated. */
import { buildSchema, type DocumentNode, type GraphQLSchema, Kind, type OperationDefinitionNode } from 'graphql';
import type { Limits } from '../config.ts';
import { createDocuments } from './documents.ts';
import { createDeprecations } from './usage/deprecations.ts';

/** A document and the id by which clients name it. */
export interface NamedDocument {
  readonly id: string;
  readonly text: string;
}

export interface CheckedDocument extends NamedDocument {
  /** Of its operations, for people. */
  readonly name: string;
  /** Sentences; none: it works. */
  readonly problems: readonly string[];
  /** Coordinates of the schema. */
  readonly deprecated: readonly string[];
}

export function checkDocuments(
  documents: readonly NamedDocument[],
  { schema, limits }: { readonly schema: GraphQLSchema; readonly limits: Limits },
): readonly CheckedDocument[] {
  const known = createDocuments(schema, limits);
  const deprecations = createDeprecations(schema);
  return documents.map((one) => {
    const prepared = known.prepare(one.text);
    if ('errors' in prepared) {
      const problems = prepared.errors.map(
        ({ message, originalError }) => message || (originalError?.message ?? 'It is refused.'),
      );
      return { ...one, name: NAME.exec(one.text)?.[1] ?? '', problems, deprecated: [] };
    }
    const operations = operationsOf(prepared.document);
    const uses = operations.flatMap(
      (operation) => deprecations?.({ document: prepared.document, operation, variables: null }) ?? [],
    );
    const name = operations.map((operation) => operation.name?.value ?? operation.operation).join(', ');
    return { ...one, name, problems: operations.length === 0 ? ['It has no operation.'] : [], deprecated: [...new Set(uses)] };
  });
}

const NAME = /\b(?:query|mutation|subscription)\s+(\w+)/;

const operationsOf = ({ definitions }: DocumentNode): OperationDefinitionNode[] =>
  definitions.filter((one) => one.kind === Kind.OPERATION_DEFINITION);

/** A schema from its text. @throws Error that says where the text is wrong */
export const schemaFrom = (text: string): GraphQLSchema => buildSchema(text);
