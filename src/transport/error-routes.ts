/** The end of an Express app: what is at no address, and what went wrong on the way, as the errors that everything else answers with. */
import type { Express, NextFunction, Request, Response } from 'express';
import { DomainError } from '../kernel/errors.ts';
import type { ErrorSender } from './answer.ts';

/** @param nothingAt the sentence for a path that nothing is at; answers have an `x-request-id` by then */
export function addErrorRoutes(app: Express, sendError: ErrorSender, nothingAt: (path: string) => string): void {
  app.use((request, _response) => {
    throw new DomainError('NOT_FOUND', nothingAt(request.path));
  });
  // Express knows an error handler by its four parameters
  app.use((error: unknown, request: Request, response: Response, _next: NextFunction) => {
    const { status } = error as { status?: unknown };
    const isBadRequest = typeof status === 'number' && status >= 400 && status < 500;
    const shown = isBadRequest
      ? new DomainError('BAD_REQUEST', 'The address or the headers of the request are not well formed.')
      : error;
    sendError(request, response, { error: shown, requestId: String(response.getHeader('x-request-id')) });
  });
}
