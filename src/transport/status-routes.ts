/** `/healthz` (the process is alive), `/readyz` (it can serve), `/metrics`. None of them shows more than an operator needs. */
import { timingSafeEqual } from 'node:crypto';
import type { Express, Request, Response } from 'express';
import type { Config } from '../config.ts';
import { send, sendJson } from './answer.ts';
import { unauthenticated } from './token.ts';
import type { Logger } from './logger.ts';
import type { Metrics } from './metrics.ts';
import type { ListenOptions, ReadinessCheck } from './options.ts';

export interface StatusParts extends Pick<ListenOptions, 'readiness'> {
  readonly config: Config;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly isClosing: () => boolean;
}

export function addStatusRoutes(app: Express, { readiness, config, logger, metrics, isClosing }: StatusParts): void {
  const showReadiness = async (_request: Request, response: Response): Promise<void> => {
    const stopping = [{ name: 'process', isReady: false, note: 'The process is stopping.' }];
    const checks = isClosing() ? stopping : await checksWithin(readiness, { config, logger });
    const isReady = checks.every((check) => check.isReady);
    sendJson(response, isReady ? 200 : 503, { isReady, checks });
  };
  const showMetrics = async (request: Request, response: Response): Promise<void> => {
    if (config.metricsToken !== null && !hasToken(request, config.metricsToken)) throw unauthenticated();
    send(response, { status: 200, type: metrics.registry.contentType, body: await metrics.registry.metrics() });
  };
  app.get('/healthz', (_request, response) => sendJson(response, 200, { isAlive: true }));
  app.get('/readyz', (request, response) => showReadiness(request, response));
  // in production it takes a METRICS_TOKEN; elsewhere it is open unless one is set
  if (!config.isProduction || config.metricsToken !== null)
    app.get('/metrics', (request, response) => showMetrics(request, response));
}

async function checksWithin(
  readiness: StatusParts['readiness'],
  { config, logger }: Pick<StatusParts, 'config' | 'logger'>,
): Promise<readonly ReadinessCheck[]> {
  const { readinessTimeoutMs } = config.limits;
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<readonly ReadinessCheck[]>((done) => {
    timer = setTimeout(
      () => done([{ name: 'checks', isReady: false, note: `No answer within ${readinessTimeoutMs} ms.` }]),
      readinessTimeoutMs,
    );
  });
  try {
    return await Promise.race([readiness(), late]);
  } catch (error) {
    logger.warn({ err: error }, 'readiness failed');
    return [{ name: 'checks', isReady: false, note: 'A check failed: see the log.' }];
  } finally {
    clearTimeout(timer);
  }
}

function hasToken(request: Request, token: string): boolean {
  const given = Buffer.from(request.headers.authorization ?? '');
  const wanted = Buffer.from(`Bearer ${token}`);
  return given.length === wanted.length && timingSafeEqual(given, wanted);
}
