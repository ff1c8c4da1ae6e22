/** The port of a process that serves no clients: only whether it lives, whether it can work, and what it counts. */
import { createServer } from 'node:http';
import express from 'express';
import { createIdSource } from '../kernel/ids.ts';
import { systemRandom } from '../kernel/random.ts';
import { createErrorSender } from './answer.ts';
import { addErrorRoutes } from './error-routes.ts';
import { createTranslator } from './errors.ts';
import { requestIdOf, setSecurityHeaders } from './headers.ts';
import { listenOn, urlOf } from './listening.ts';
import type { Metrics } from './metrics.ts';
import type { Listening, ListenOptions } from './options.ts';
import { addStatusRoutes } from './status-routes.ts';

export type StatusOptions = Pick<ListenOptions, 'config' | 'readiness' | 'logger' | 'clock'> & { readonly metrics: Metrics };

/** @throws DomainError UNAVAILABLE when the port is taken or not allowed */
export async function listenForStatus(options: StatusOptions): Promise<Listening> {
  const { config, logger, clock } = options;
  const state = { isClosing: false };
  const newRequestId = createIdSource(clock, systemRandom);
  const sendError = createErrorSender({
    logger,
    translator: createTranslator({
      logger,
      newErrorId: newRequestId,
      hidesSchema: true,
      errorsShownMax: config.limits.errorsShownMax,
    }),
  });
  const app = express().disable('x-powered-by').disable('etag');
  app.use((request, response, next) => {
    setSecurityHeaders(response, config);
    response.setHeader('x-request-id', requestIdOf(request, newRequestId));
    next();
  });
  addStatusRoutes(app, { ...options, isClosing: () => state.isClosing });
  addErrorRoutes(app, sendError, () => 'A worker answers /healthz, /readyz and /metrics only.');
  const { headersTimeoutMs, requestTimeoutMs, connectionsMax } = config.limits;
  const server = createServer(
    { headersTimeout: Math.min(headersTimeoutMs, requestTimeoutMs), requestTimeout: requestTimeoutMs },
    app,
  );
  server.maxConnections = connectionsMax;
  const port = await listenOn(server, config);
  return {
    url: urlOf(config, port),
    port,
    server,
    async close() {
      state.isClosing = true;
      server.closeAllConnections();
      await new Promise<void>((done) => server.close(() => done()));
    },
  };
}
