/**
 * The Apollo Server of this process, without its network parts: what it keeps is the pipeline from a valid document on, and the
 * plugin interface. All that reports or phones home is off; introspection is decided for each operation, and every error goes
 * through the translator.
 */
import { ApolloServer, type ApolloServerOptions, type ApolloServerPlugin, type GraphQLRequestContext } from '@apollo/server';
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginInlineTraceDisabled,
  ApolloServerPluginLandingPageDisabled,
  ApolloServerPluginSchemaReportingDisabled,
  ApolloServerPluginUsageReportingDisabled,
} from '@apollo/server/plugin/disabled';
import type { GraphQLError } from 'graphql';
import { DomainError } from '../kernel/errors.ts';
import type { GraphContext } from '../write/context.ts';
import type { Documents } from './documents.ts';
import { GRAPHQL_RESPONSE, JSON_TYPE } from './content-type.ts';
import { statusFor, type Translator } from './errors.ts';
import { checkIntrospection } from './introspection.ts';
import type { Metrics } from './metrics.ts';
import type { ListenOptions } from './options.ts';

export interface ApolloParts extends ListenOptions {
  readonly documents: Documents;
  readonly translator: Translator;
  readonly metrics: Metrics;
}

export async function startApollo(parts: ApolloParts): Promise<ApolloServer<GraphContext>> {
  const { schema, translator, documents, fieldResolver, stringifyResult = JSON.stringify } = parts;
  const requestIds = new WeakMap<object, string>();
  const options: ApolloServerOptions<GraphContext> = {
    schema,
    ...(fieldResolver ? { fieldResolver } : {}),
    // decided for each principal by the plugin below
    introspection: true,
    allowBatchedHttpRequests: false,
    persistedQueries: false,
    includeStacktraceInErrorResponses: false,
    stopOnTerminationSignals: false,
    // a request with any of these headers can't be a "simple" one that another page sends in a visitor's name
    csrfPrevention: { requestHeaders: ['authorization', 'x-apollo-operation-name', 'apollo-require-preflight'] },
    // parsed, measured and validated already
    documentStore: documents.store,
    formatError: (_formatted, error) =>
      translator.show(error, typeof error === 'object' && error ? requestIds.get(error) : undefined),
    // bytes pass through Apollo untouched; only its type doesn't know that
    stringifyResult: stringifyResult as (result: object) => string,
    logger: { debug() {}, info() {}, warn: (text) => parts.logger.warn(text), error: (text) => parts.logger.error(text) },
    plugins: [
      ApolloServerPluginCacheControlDisabled(),
      ApolloServerPluginInlineTraceDisabled(),
      ApolloServerPluginLandingPageDisabled(),
      ApolloServerPluginSchemaReportingDisabled(),
      ApolloServerPluginUsageReportingDisabled(),
      guardsPlugin(parts, requestIds),
      ...(parts.plugins ?? []),
    ],
  };
  const apollo = new ApolloServer<GraphContext>(options);
  await apollo.start();
  return apollo;
}

function guardsPlugin({ config, metrics }: ApolloParts, requestIds: WeakMap<object, string>): ApolloServerPlugin<GraphContext> {
  return {
    async requestDidStart() {
      return {
        async didResolveOperation({ document, operation, contextValue }) {
          if (operation?.operation === 'subscription')
            throw new DomainError(
              'BAD_REQUEST',
              'Subscriptions need a WebSocket: connect to this path with the protocol graphql-transport-ws.',
            );
          checkIntrospection(document, contextValue.principal, config);
        },
        async didEncounterErrors({ errors, contextValue }) {
          // before they are formatted: a list of 1,000 failing rows would else be translated and logged 1,000 times
          const shown = errors as GraphQLError[];
          shown.length = Math.min(shown.length, config.limits.errorsShownMax);
          for (const error of shown) requestIds.set(error, contextValue.requestId);
        },
        async willSendResponse(request) {
          const code = settleStatus(request);
          metrics.operation({ transport: 'http', kind: request.operation?.operation ?? 'none', code });
        },
      };
    },
  };
}

/**
 * GraphQL over HTTP: with `data` the status is 200. Without it, it's that of the error; but 200 for errors of the request when the
 * client takes `application/json` only, where Apollo would answer 400.
 */
function settleStatus({ response, request }: GraphQLRequestContext<GraphContext>): string {
  if (response.body?.kind !== 'single') return 'OK';
  const { errors, data } = response.body.singleResult;
  const code = errors?.[0]?.extensions?.code;
  if (errors === undefined || errors.length === 0) return 'OK';
  if (data === undefined && response.http.status !== 405) {
    response.http.status = statusFor(
      code,
      request.http?.headers.get('accept') === GRAPHQL_RESPONSE ? GRAPHQL_RESPONSE : JSON_TYPE,
    );
  }
  return String(code);
}
