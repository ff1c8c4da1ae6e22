// Writes the typed documents of the quick starts from the published schema: operations.generated.ts, and Relay's. `node examples/quickstart/generate.ts`
import { codegen } from '@graphql-codegen/core';
import * as typedDocumentNode from '@graphql-codegen/typed-document-node';
import * as operations from '@graphql-codegen/typescript-operations';
import { parse } from 'graphql';
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const here = import.meta.dirname;
const FILE = join(here, 'operations.generated.ts');

/** Amounts and cursors stay texts: a JSON number would lose digits. */
const scalars = { Decimal: 'string', Date: 'string', DateTime: 'string', Cursor: 'string', CurrencyCode: 'string', ID: 'string' };

/** @param schema the text of the published schema, `cashgraph/schema.graphql` */
export function typedOperations(schema: string): Promise<string> {
  const text = readFileSync(join(here, 'operations.graphql'), 'utf8');
  return codegen({
    filename: FILE,
    schema: parse(schema),
    documents: [{ location: 'operations.graphql', document: parse(text) }],
    plugins: [{ typescriptOperations: {} }, { typedDocumentNode: {} }],
    pluginMap: { typescriptOperations: operations, typedDocumentNode },
    config: {
      scalars,
      defaultScalarType: 'unknown',
      strictScalars: false,
      enumType: 'string-literal',
      enumsAsTypes: true,
      useTypeImports: true,
      onlyOperationTypes: true,
      immutableTypes: true,
    },
  });
}

if (process.argv[1] === import.meta.filename) {
  writeFileSync(FILE, await typedOperations(readFileSync(join(here, '../../schema/schema.graphql'), 'utf8')));
  const compiler = join(here, '../../node_modules/relay-compiler/cli.js');
  execFileSync(process.execPath, [compiler, 'relay.config.json'], { cwd: join(here, 'relay'), stdio: 'pipe' });
}
