/** Taking a port, with a sentence for whoever chose one that can't be had; and leaving it without a request being lost. */
import { Server as TcpServer } from 'node:net';
import type { Server, ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Config } from '../config.ts';
import { DomainError } from '../kernel/errors.ts';

type Address = Pick<Config, 'host' | 'port'>;

/** Connections that wait to be accepted, as far as the system lets them. By Node's 511, thousands that come back at once lose some of theirs. */
const BACKLOG = 4_096;

/** @throws DomainError UNAVAILABLE when the port is taken or not allowed */
export async function listenOn(server: Server, { port, host }: Address): Promise<number> {
  await new Promise<void>((done, fail) => {
    server.once('error', (cause: NodeJS.ErrnoException) => {
      const sentences: Record<string, string> = {
        EADDRINUSE: `Port ${port} is taken by another program. Choose another one with --port, for example --port ${port + 1}.`,
        EACCES: `Port ${port} may not be used by this user. Choose one from 1024 with --port, for example --port 4000.`,
        EADDRNOTAVAIL: `${host} is not an address of this machine. Set HOST to one, for example 127.0.0.1.`,
        ENOTFOUND: `The host ${host} is not known. Set HOST to an address of this machine, for example 127.0.0.1.`,
      };
      const sentence = sentences[cause.code ?? ''];
      fail(sentence === undefined ? cause : new DomainError('UNAVAILABLE', sentence, { cause }));
    });
    server.listen({ port, host, backlog: BACKLOG }, done);
  });
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : port;
}

export const urlOf = ({ host }: Address, port: number): string => `http://${host.includes(':') ? `[${host}]` : host}:${port}`;

/** Answers that are not sent yet. */
export class OpenAnswers {
  readonly #open = new Set<ServerResponse>();

  add(response: ServerResponse): void {
    this.#open.add(response);
  }

  closed(response: ServerResponse): void {
    this.#open.delete(response);
  }

  /** Their connections take no further request. */
  areLast(): void {
    for (const response of this.#open) if (!response.headersSent) response.setHeader('connection', 'close');
  }
}

export interface Leaving {
  readonly server: Server;
  /** A connection on which nothing is under way may get a last request for so long. */
  readonly idleMs: number;
  readonly timeoutMs: number;
}

const LOOK_MS = 25;
/** For what was cut off to be gone. */
const CUT_MS = 500;

/**
 * Takes no new connection, answers what comes on those there are, and closes each after its last answer. Node's own `close` cuts idle
 * connections at once, and a request that is on its way on one of them is lost: a client that sends one after the other is answered
 * here instead, with `connection: close`, and goes elsewhere.
 */
export async function leave({ server, idleMs, timeoutMs }: Leaving): Promise<void> {
  let isStopped = false;
  const stopped = new Promise<void>((done) => {
    TcpServer.prototype.close.call(server, () => {
      isStopped = true;
      done();
    });
  });
  const late = setTimeout(() => server.closeAllConnections(), timeoutMs);
  for (let waitedMs = 0; waitedMs < idleMs && !isStopped; waitedMs += LOOK_MS) await sleep(LOOK_MS);
  const end = AbortSignal.timeout(timeoutMs + CUT_MS);
  while (!isStopped && !end.aborted) {
    // one is idle again after each answer that was begun before
    server.closeIdleConnections();
    await Promise.race([stopped, sleep(LOOK_MS)]);
  }
  clearTimeout(late);
}
