/**
 * `GET /reports/<name>?first=…&after=…`: a flat report for tools that know addresses and JSON but no GraphQL. It is the root field of
 * that name, run as an operation like any other: the same credentials, scope, limits and cost. It defines nothing of its own.
 */
import { type ApolloServer, HeaderMap } from '@apollo/server';
import {
  getNamedType,
  getNullableType,
  type GraphQLField,
  GraphQLInt,
  type GraphQLNamedType,
  type GraphQLObjectType,
  type GraphQLSchema,
  isLeafType,
  isObjectType,
} from 'graphql';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { DomainError } from '../kernel/errors.ts';
import type { GraphContext } from '../write/context.ts';
import { send, sendJson } from './answer.ts';
import type { Authenticator } from './authenticate.ts';
import { GRAPHQL_RESPONSE, JSON_TYPE } from './content-type.ts';
import type { Documents } from './documents.ts';
import { statusOf } from './errors.ts';
import { setCorsHeaders } from './headers.ts';
import type { ListenOptions } from './options.ts';

const REPORTS = '/reports/';

/** What metrics call it. */
export const REPORT_ROUTE = '/reports';

export const isReportPath = (path: string): boolean => path.startsWith(REPORTS);

export interface ReportHttpParts extends Pick<ListenOptions, 'config' | 'context' | 'schema'> {
  readonly apollo: ApolloServer<GraphContext>;
  readonly authenticator: Authenticator;
  readonly documents: Documents;
}

export type ReportHttp = (request: IncomingMessage, response: ServerResponse, requestId: string) => Promise<void>;

interface ReportQuery {
  readonly text: string;
  readonly arguments: GraphQLField<unknown, unknown>['args'];
}

export function createReportHttp({ apollo, authenticator, config, context, documents, schema }: ReportHttpParts): ReportHttp {
  const reports = reportsOf(schema);
  return async (request, response, requestId) => {
    setCorsHeaders(request, response, config);
    if (request.method !== 'GET') return refuseMethod(request, response);
    const principal = await authenticator.authenticate(request.headers.authorization);
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost');
    const report = reports.get(pathname.slice(REPORTS.length));
    if (!report) throw new DomainError('NOT_FOUND', `There is no such report. There are ${[...reports.keys()].join(', ')}.`);
    const variables = variablesOf(report, searchParams);
    documents.prepare(report.text);
    const answer = await apollo.executeHTTPGraphQLRequest({
      httpGraphQLRequest: {
        method: 'POST',
        headers: new HeaderMap([
          ['content-type', JSON_TYPE],
          ['accept', GRAPHQL_RESPONSE],
        ]),
        search: '',
        body: { query: report.text, variables },
      },
      context: async () => context(principal, { requestId, idempotencyKey: null }),
    });
    if (answer.body.kind !== 'complete') throw new Error('Apollo answered in parts.');
    const retryAfter = answer.headers.get('retry-after');
    if (retryAfter !== undefined) response.setHeader('retry-after', retryAfter);
    sendPage(response, JSON.parse(answer.body.string) as GraphAnswer);
  };
}

interface GraphAnswer {
  readonly data?: { readonly page: unknown } | null;
  readonly errors?: readonly { readonly extensions?: { readonly code?: unknown } }[];
}

function sendPage(response: ServerResponse, { data, errors }: GraphAnswer): void {
  const body = errors ? { errors } : data?.page;
  send(response, { status: errors ? statusOf(errors[0]?.extensions?.code) : 200, type: JSON_TYPE, body: JSON.stringify(body) });
}

/** The root fields that are flat reports, each as the query for all of it. */
function reportsOf(schema: GraphQLSchema): ReadonlyMap<string, ReportQuery> {
  const fields = Object.values(schema.getQueryType()?.getFields() ?? {}).filter(
    ({ extensions }) => extensions['isReport'] === true,
  );
  return new Map(
    fields.map((field) => {
      // what has a default may be left out
      const types = field.args
        .map(({ name, type, defaultValue }) => `$${name}: ${String(defaultValue === undefined ? type : getNullableType(type))}`)
        .join(', ');
      const values = field.args.map(({ name }) => `${name}: $${name}`).join(', ');
      const text = `query Report(${types}) { page: ${field.name}(${values}) ${selectionOf(getNamedType(field.type))} }`;
      return [field.name, { text, arguments: field.args }];
    }),
  );
}

function selectionOf(type: GraphQLNamedType): string {
  if (!isObjectType(type)) return '';
  return `{ ${Object.values((type as GraphQLObjectType).getFields())
    .map((field) =>
      isLeafType(getNamedType(field.type)) ? field.name : `${field.name} ${selectionOf(getNamedType(field.type))}`,
    )
    .join(' ')} }`;
}

/** An empty parameter is one that isn't there: tools that page by a template send `after=` at first. */
function variablesOf({ arguments: known }: ReportQuery, search: URLSearchParams): Record<string, unknown> {
  const variables: Record<string, unknown> = {};
  for (const [name, text] of search) {
    const argument = known.find((one) => one.name === name);
    if (!argument) {
      const names = known.map((one) => one.name).join(', ');
      throw new DomainError(
        'BAD_REQUEST',
        `The report takes no parameter ${JSON.stringify(name.slice(0, 40))}. It takes ${names}.`,
      );
    }
    if (text === '') continue;
    variables[name] = getNamedType(argument.type) === GraphQLInt && /^-?\d{1,9}$/.test(text) ? Number(text) : text;
  }
  return variables;
}

function refuseMethod(request: IncomingMessage, response: ServerResponse): void {
  if (request.method === 'OPTIONS') {
    response.statusCode = 204;
    response.end();
    return;
  }
  response.setHeader('allow', 'GET');
  sendJson(response, 405, { errors: [{ message: 'Reports are read with GET.', extensions: { code: 'BAD_REQUEST' } }] });
}
