/**
 * The server of the process: one port for GraphQL over HTTP, for subscriptions, for status and, in development, for GraphiQL.
 * `/graphql` is served before Express, which costs more than a short query; everything else goes through it. Nothing here
 * answers with a stack, with HTML of an error, or with a text that wasn't meant for a client.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import express, { type Express } from 'express';
import type { Duplex } from 'node:stream';
import { createIdSource } from '../kernel/ids.ts';
import { monotonicMs } from '../kernel/clock.ts';
import { systemRandom } from '../kernel/random.ts';
import { createErrorSender, type ErrorSender, sendJson } from './answer.ts';
import { startApollo } from './apollo.ts';
import { createAuthenticator } from './authenticate.ts';
import { createBudgets } from './budget.ts';
import { createBulkBodies } from './bulk-body.ts';
import { createCharge } from './cost/charge.ts';
import { createDocuments } from './documents.ts';
import { createDownloadHttp, DOWNLOAD_ROUTE, type DownloadHttp, isDownloadPath } from './downloads.ts';
import { addErrorRoutes } from './error-routes.ts';
import { createTranslator } from './errors.ts';
import { createExportHttp, EXPORT_ROUTE, isExportPath } from './export/http.ts';
import { createFairTurns } from './fair-turns.ts';
import { addGraphiql } from './graphiql.ts';
import { createGraphqlHttp, type GraphqlHttp } from './graphql-http.ts';
import { requestIdOf, setSecurityHeaders } from './headers.ts';
import { createHub } from './live/hub.ts';
import { openLocalIssuer } from './local-issuer.ts';
import { leave, listenOn, OpenAnswers, urlOf } from './listening.ts';
import { createMetrics, type Metrics } from './metrics.ts';
import { createPersisted, type TrustedDocuments } from './persisted.ts';
import type { Listening, ListenOptions } from './options.ts';
import { createReportHttp, isReportPath, REPORT_ROUTE, type ReportHttp } from './reports.ts';
import { createSocketServer, refuseUpgrade, type SocketServer } from './socket.ts';
import { createSseHttp, isOfEventStreams, type SseHttp } from './sse/sse-http.ts';
import { createStreams, type Streams } from './sse/streams.ts';
import { addStatusRoutes } from './status-routes.ts';
import { createUsage } from './usage/usage.ts';
import { createUploadHttp, uploadRoute } from './uploads.ts';
import { createWebhookHttp, isWebhookPath, type WebhookHttp, webhookRoute } from './webhooks.ts';

export type * from './options.ts';

const GRAPHQL_PATH = '/graphql';
const NO_DOCUMENTS: TrustedDocuments = { byId: async () => null, hasText: async () => false };

/**
 * Starts to serve.
 * @throws DomainError UNAVAILABLE when the port is taken or not allowed
 * @example const { url, close } = await listen({ schema, config, signIn, context, readiness, logger, clock })
 */
export async function listen(options: ListenOptions): Promise<Listening> {
  const { config, logger, clock } = options;
  const newRequestId = createIdSource(clock, systemRandom);
  const metrics = options.metrics ?? createMetrics();
  const translator = createTranslator({
    logger,
    newErrorId: newRequestId,
    hidesSchema: config.introspection !== 'on',
    errorsShownMax: config.limits.errorsShownMax,
  });
  const local = config.issuers.find((issuer) => issuer.local === true);
  const localJwks = local ? (await openLocalIssuer({ dataDir: config.dataDir, issuer: local, clock })).jwks : null;
  const authenticator = createAuthenticator({ ...options, localJwks });
  const documents = createDocuments(options.schema, config.limits);
  const charge = createCharge({ schema: options.schema, limits: config.limits, budgets: createBudgets(config.limits, clock) });
  const onError = (error: unknown) => logger.warn({ err: error }, 'uses of what is deprecated could not be kept; they will be');
  const usage = createUsage(options.schema, { save: options.saveUses, clock, limits: config.limits, onError });
  const persisted = createPersisted({ config, documents, trusted: options.trustedDocuments ?? NO_DOCUMENTS });
  const inFairTurn = createFairTurns(config.limits);
  const parts = {
    ...options,
    translator,
    metrics,
    authenticator,
    documents,
    charge,
    persisted,
    usage,
    inFairTurn,
    hub: createHub({ limits: config.limits, inFairTurn, translator, metrics }),
    newRequestId,
  };
  const apollo = await startApollo(parts);
  const sendError = createErrorSender({ translator, logger });
  const state = { isClosing: false };
  const answers = new OpenAnswers();

  const app = express().disable('x-powered-by').disable('etag');
  addStatusRoutes(app, { ...parts, isClosing: () => state.isClosing });
  if (localJwks) app.get('/.well-known/jwks.json', (_request, response) => sendJson(response, 200, localJwks));
  if (config.hasGraphiql) addGraphiql(app, options);
  addErrorRoutes(app, sendError, (path) => `There is nothing at ${path.slice(0, 100)}. GraphQL is at ${GRAPHQL_PATH}.`);

  const webhooks = createWebhookHttp(options);
  const downloads = createDownloadHttp({ ...parts, downloads: options.downloads ?? [] });
  const exports = createExportHttp(parts);
  const uploads = createUploadHttp(parts);
  const reports = createReportHttp({ ...parts, apollo });
  const streams = createStreams({ ...parts, random: systemRandom });
  const sse = createSseHttp({ ...parts, streams });
  const graphql = createGraphqlHttp({ ...parts, apollo, bodies: createBulkBodies(config.limits) });
  const served = { app, graphql, sse, webhooks, downloads, exports, uploads, reports };
  const handle = handlerOf({ ...parts, ...served, sendError, state, answers });
  const server = serverOf(options, handle);
  const sockets = createSocketServer(parts);
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    if (pathOf(request) === GRAPHQL_PATH) sockets.upgrade(request, socket, head);
    else refuseUpgrade(socket, 404);
  });
  const port = await listenOn(server, config);
  const close = once(async () => {
    state.isClosing = true;
    answers.areLast();
    await closeAll({ server, sockets, streams, limits: config.limits });
    await apollo.stop();
    await usage.close();
  });
  return { url: urlOf(config, port), port, server, close };
}

const pathOf = (request: IncomingMessage): string => (request.url ?? '/').split('?', 1)[0] ?? '/';

interface HandlerParts extends Pick<ListenOptions, 'config'> {
  readonly app: Express;
  readonly graphql: GraphqlHttp;
  readonly sse: SseHttp;
  readonly webhooks: WebhookHttp;
  readonly downloads: DownloadHttp;
  readonly exports: DownloadHttp;
  readonly uploads: DownloadHttp;
  readonly reports: ReportHttp;
  readonly sendError: ErrorSender;
  readonly metrics: Metrics;
  readonly newRequestId: () => string;
  readonly state: { readonly isClosing: boolean };
  readonly answers: OpenAnswers;
}

const ROUTES = new Set([GRAPHQL_PATH, '/healthz', '/readyz', '/metrics', '/']);

/** What metrics call a path: names and ids in it are a client's. */
function routeOf(path: string): string {
  if (isWebhookPath(path)) return webhookRoute(path);
  if (isDownloadPath(path)) return DOWNLOAD_ROUTE;
  if (isExportPath(path)) return EXPORT_ROUTE;
  if (isReportPath(path)) return REPORT_ROUTE;
  return uploadRoute(path) ?? (ROUTES.has(path) ? path : 'other');
}

function handlerOf({
  app,
  graphql,
  sse,
  webhooks,
  downloads,
  exports,
  uploads,
  reports,
  sendError,
  config,
  metrics,
  newRequestId,
  state,
  answers,
}: HandlerParts) {
  const runOf = (path: string, request: IncomingMessage) => {
    if (path === GRAPHQL_PATH) return isOfEventStreams(request) ? sse : graphql;
    if (isWebhookPath(path)) return webhooks;
    if (isExportPath(path)) return exports;
    if (isReportPath(path)) return reports;
    if (uploadRoute(path) !== undefined) return uploads;
    return isDownloadPath(path) ? downloads : null;
  };
  return (request: IncomingMessage, response: ServerResponse): void => {
    const startMs = monotonicMs();
    const requestId = requestIdOf(request, newRequestId);
    const path = pathOf(request);
    setSecurityHeaders(response, config);
    response.setHeader('x-request-id', requestId);
    // a client that keeps its connection would send the next request into the shutdown
    if (state.isClosing) response.setHeader('connection', 'close');
    answers.add(response);
    response.on('close', () => {
      answers.closed(response);
      metrics.httpRequest({ route: routeOf(path), status: response.statusCode, seconds: (monotonicMs() - startMs) / 1_000 });
    });
    const run = runOf(path, request);
    if (run) run(request, response, requestId).catch((error: unknown) => sendError(request, response, { error, requestId }));
    else app(request, response);
  };
}

function serverOf({ config }: ListenOptions, handle: (request: IncomingMessage, response: ServerResponse) => void): Server {
  const { headersTimeoutMs, requestTimeoutMs, connectionsCheckingIntervalMs, keepAliveTimeoutMs, idleTimeoutMs, connectionsMax } =
    config.limits;
  const server = createServer(
    {
      // half-sent requests stayed open for 70 s without these
      headersTimeout: Math.min(headersTimeoutMs, requestTimeoutMs),
      requestTimeout: requestTimeoutMs,
      connectionsCheckingInterval: connectionsCheckingIntervalMs,
      keepAliveTimeout: keepAliveTimeoutMs,
    },
    handle,
  );
  server.setTimeout(idleTimeoutMs);
  server.maxConnections = connectionsMax;
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Duplex) => {
    if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy();
    const status =
      error.code === 'ERR_HTTP_REQUEST_TIMEOUT'
        ? '408 Request Timeout'
        : error.code === 'HPE_HEADER_OVERFLOW'
          ? '431 Request Header Fields Too Large'
          : '400 Bad Request';
    const body = JSON.stringify({
      errors: [{ message: 'The request is not well formed, or came too slowly.', extensions: { code: 'BAD_REQUEST' } }],
    });
    socket.end(
      `HTTP/1.1 ${status}\r\nconnection: close\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
    );
    return undefined;
  });
  return server;
}

interface Closing {
  readonly server: Server;
  readonly sockets: SocketServer;
  readonly streams: Streams;
  readonly limits: ListenOptions['config']['limits'];
}

/** Sockets, event streams and requests at once: each has the whole time. */
async function closeAll({ server, sockets, streams, limits }: Closing): Promise<void> {
  const { shutdownTimeoutMs: timeoutMs, shutdownIdleMs: idleMs } = limits;
  await Promise.all([leave({ server, idleMs, timeoutMs }), sockets.close(timeoutMs), streams.close(timeoutMs)]);
}

function once(run: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | undefined;
  return () => (running ??= run());
}
