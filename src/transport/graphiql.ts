/**
 * GraphiQL at `/`, for development: bundled from the installed packages, nothing is loaded from another host. The page's content
 * policy allows its own files only. The demo logins that it offers are real tokens, so it is never served in production.
 */
import express, { type Express, type NextFunction, type Request, type Response } from 'express';
import { bundleFolder } from './graphiql-bundle.ts';
import { send, sendJson } from './answer.ts';
import type { ListenOptions } from './options.ts';

// the editor sets style attributes and makes its workers from files of ours
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "font-src 'self' data:",
  "img-src 'self' data:",
  "worker-src 'self'",
  "frame-ancestors 'none'",
  "base-uri 'none'",
  "form-action 'none'",
].join('; ');

const PAGE = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Cashgraph · GraphiQL</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/graphiql/client.css">
</head>
<body>
<div id="graphiql">Loading GraphiQL …</div>
<script src="/graphiql/client.js"></script>
</body>
</html>
`;

const MISSING = `<!doctype html><html lang="en"><meta charset="utf-8"><title>Cashgraph</title><p>GraphiQL is not installed here. The API is at <code>/graphql</code>.</p></html>`;

export function addGraphiql(app: Express, { config, demoLogins, examples, logger }: ListenOptions): void {
  const folder = (): Promise<string | null> =>
    bundleFolder(config.dataDir).catch((error: unknown) => {
      logger.error({ err: error }, 'GraphiQL could not be bundled');
      return null;
    });

  const showPage = async (request: Request, response: Response): Promise<void> => {
    const isReady = (await folder()) !== null;
    // over http the policy has to name the socket's scheme for some browsers
    const host = /^[\w.:[\]-]+$/.test(request.headers.host ?? '') ? (request.headers.host ?? '') : '';
    response.setHeader('content-security-policy', `${POLICY}; connect-src 'self' ws://${host} wss://${host}`);
    send(response, { status: isReady ? 200 : 503, type: 'text/html', body: isReady ? PAGE : MISSING });
  };
  const showFile = async (request: Request, response: Response, next: NextFunction): Promise<void> => {
    const root = await folder();
    if (root === null) return next();
    return express.static(root, { index: false, redirect: false, cacheControl: false, dotfiles: 'ignore' })(
      request,
      response,
      next,
    );
  };
  const showLogins = async (_request: Request, response: Response): Promise<void> =>
    sendJson(response, 200, config.isProduction || !demoLogins ? [] : await demoLogins());

  // Express takes the promise of a handler, and its refusal too
  app.get('/', (request, response) => showPage(request, response));
  app.use('/graphiql', (request, response, next) => showFile(request, response, next));
  app.get('/demo-logins.json', (request, response) => showLogins(request, response));
  app.get('/examples.json', (_request, response) => sendJson(response, 200, examples ?? []));
}
