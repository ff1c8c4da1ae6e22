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
import { takeLogPosition } from '../read/log-position.ts';
import type { GraphContext } from '../write/context.ts';
import { type Charge, costIn, retryAfterIn, type ShownCost } from './cost/charge.ts';
import { bodyOf, wholeAnswer } from './answer-bytes.ts';
import type { Documents } from './documents.ts';
import { GRAPHQL_RESPONSE, JSON_TYPE } from './content-type.ts';
import { statusFor, type Translator } from './errors.ts';
import { checkIntrospection } from './introspection.ts';
import type { Metrics } from './metrics.ts';
import type { ListenOptions } from './options.ts';
import type { Usage } from './usage/usage.ts';

export interface ApolloParts extends ListenOptions {
  readonly documents: Documents;
  readonly translator: Translator;
  readonly metrics: Metrics;
  readonly charge: Charge;
  readonly usage: Usage;
}

export async function startApollo(parts: ApolloParts): Promise<ApolloServer<GraphContext>> {
  const { schema, translator, documents, fieldResolver } = parts;
  const requestIds = new WeakMap<object, string>();
  const options: ApolloServerOptions<GraphContext> = {
    schema,
    ...(fieldResolver ? { fieldResolver } : {}),
    // decided for each principal by the plugin below
    introspection: true,
    allowBatchedHttpRequests: false,
    // those of clients are read before; to Apollo every document that we know is one
    persistedQueries: { cache: documents.texts },
    includeStacktraceInErrorResponses: false,
    stopOnTerminationSignals: false,
    // a request with any of these headers can't be a "simple" one that another page sends in a visitor's name
    csrfPrevention: { requestHeaders: ['authorization', 'x-apollo-operation-name', 'apollo-require-preflight'] },
    // parsed, measured and validated already
    documentStore: documents.store,
    formatError: (_formatted, error) =>
      translator.show(error, typeof error === 'object' && error ? requestIds.get(error) : undefined),
    stringifyResult(result) {
      const body = bodyOf(result);
      return typeof body === 'string' ? body : Buffer.concat(body).toString();
    },
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

type Guarded = Pick<ApolloParts, 'translator' | 'config' | 'metrics' | 'charge' | 'usage'>;
type RequestContext = GraphQLRequestContext<GraphContext>;

function guardsPlugin(parts: Guarded, requestIds: WeakMap<object, string>): ApolloServerPlugin<GraphContext> {
  const { config, metrics } = parts;
  return {
    async requestDidStart() {
      let cost: ShownCost | undefined;
      return {
        async didResolveOperation(request) {
          const { document, operation, contextValue } = request;
          if (operation?.operation === 'subscription')
            throw new DomainError(
              'BAD_REQUEST',
              'Subscriptions need a WebSocket: connect to this path with the protocol graphql-transport-ws.',
            );
          checkIntrospection(document, contextValue.principal, config);
          const charged = charge(parts.charge, request);
          cost = charged.cost;
          if ('error' in charged) throw charged.error;
          const { variables, http } = request.request;
          if (operation)
            parts.usage.note(contextValue.principal, { document, operation, variables }, (name) => http?.headers.get(name));
        },
        async responseForOperation(request) {
          const whole = await wholeAnswer(parts.translator, request);
          if (!whole && request.document) await takeLogPosition(request.contextValue, request.document);
          return whole;
        },
        async didEncounterErrors({ errors, contextValue }) {
          // before they are formatted: a list of 1,000 failing rows would else be translated and logged 1,000 times
          const shown = errors as GraphQLError[];
          shown.length = Math.min(shown.length, config.limits.errorsShownMax);
          for (const error of shown) requestIds.set(error, contextValue.requestId);
        },
        async willSendResponse(request) {
          const code = settleStatus(request);
          const { body } = request.response;
          if (cost && body?.kind === 'single') body.singleResult.extensions = { ...body.singleResult.extensions, cost };
          metrics.operation({ transport: 'http', kind: request.operation?.operation ?? 'none', code });
        },
      };
    },
  };
}

type ChargedRequest =
  | { readonly cost: ShownCost | undefined }
  | { readonly cost: ShownCost | undefined; readonly error: unknown };

/** Who has spent its budget is told when to come again, and what the budget holds. */
function charge(charges: Charge, { document, operation, contextValue, request, response }: RequestContext): ChargedRequest {
  if (!document || !operation) return { cost: undefined };
  try {
    return { cost: charges.operation(contextValue.principal, { document, operation, variables: request.variables }) };
  } catch (error) {
    const seconds = retryAfterIn(error);
    if (seconds !== undefined) response.http.headers.set('retry-after', seconds);
    return { cost: costIn(error), error };
  }
}

/**
 * GraphQL over HTTP: with `data` the status is 200. Without it, it's that of the error; but 200 for errors of the request when the
 * client takes `application/json` only, where Apollo would answer 400.
 */
function settleStatus({ response, request }: RequestContext): string {
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
