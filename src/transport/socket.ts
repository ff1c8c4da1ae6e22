/**
 * WebSockets on the same port and path as HTTP: who may open one, how it is kept alive, when it has to end. One sweep looks at all
 * sockets instead of a timer each: credentials are checked again (an expired or revoked login ends its streams within a minute),
 * pings are sent, and sockets that take nothing are cut.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { handleProtocols } from 'graphql-ws';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import { isOriginAllowed } from './headers.ts';
import { OpenByLogin } from './open-by-login.ts';
import { everyInterval, recheckAll } from './recheck.ts';
import { jsonDepth } from './request-body.ts';
import { type CloseReason, Connection } from './socket-connection.ts';
import { createProtocol, type SocketParts } from './socket-protocol.ts';

export interface SocketServer {
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  /** Answers what is running, then closes every socket with 1001. */
  close(timeoutMs: number): Promise<void>;
}

export function createSocketServer(options: Omit<SocketParts, 'signedIn'>): SocketServer {
  const { config, metrics, logger } = options;
  const connections = new Set<Connection>();
  const logins = new OpenByLogin();
  const parts: SocketParts = {
    ...options,
    signedIn(connection, principal) {
      // it may have closed while its credentials were checked
      if (connections.has(connection)) {
        logins.opened(principal);
        connection.socket.once('close', () => logins.closed(principal));
      }
      return logins.of(principal);
    },
  };
  const protocol = createProtocol(parts);
  const acceptor = new WebSocketServer({
    noServer: true,
    maxPayload: config.limits.socketFrameMaxBytes,
    perMessageDeflate: false,
    clientTracking: false,
    handleProtocols,
  });
  let isClosing = false;

  measure(metrics, connections);

  const onCut = (reason: CloseReason): void => metrics.socketCut(reason);
  const accept = (socket: WebSocket, raw: Duplex): void => {
    const connection = new Connection({ socket, raw, limits: config.limits, onCut });
    connections.add(connection);
    const ended = protocol.opened(adapterFor(connection, parts), connection);
    socket.on('pong', () => {
      connection.isAlive = true;
    });
    socket.on('error', (error) => logger.debug({ err: error }, 'socket error'));
    socket.once('close', (code, reason) => {
      connections.delete(connection);
      connection.ended();
      ended(code, reason.toString()).catch((error: unknown) => logger.error({ err: error }, 'a stream failed to end'));
    });
  };

  const pings = setInterval(() => connections.forEach(keepAlive), config.limits.socketPingIntervalMs).unref();
  const rechecks = everyInterval(config.limits.socketRecheckIntervalMs, () =>
    recheckAll([...connections], parts, (connection, reason) => connection.cut(reason)),
  );

  return {
    upgrade(request, socket, head) {
      const isFull = isClosing || connections.size >= config.limits.connectionsMax;
      const refusal = isFull ? 503 : isOriginAllowed(request, config) ? null : 403;
      if (refusal !== null) refuseUpgrade(socket, refusal);
      else acceptor.handleUpgrade(request, socket, head, (opened) => accept(opened, socket));
    },
    async close(timeoutMs) {
      isClosing = true;
      clearInterval(pings);
      rechecks.stop();
      const deadline = AbortSignal.timeout(timeoutMs);
      while ([...connections].some((one) => one.running > 0) && !deadline.aborted) await sleep(10);
      for (const connection of connections) connection.cut('goingAway');
      while (connections.size > 0 && !deadline.aborted) await sleep(10);
      for (const connection of connections) connection.socket.terminate();
      acceptor.close();
    },
  };
}

function measure(metrics: SocketParts['metrics'], connections: ReadonlySet<Connection>): void {
  metrics.gauge({ name: 'sockets', help: 'Open WebSockets.', collect: () => connections.size });
  metrics.gauge({
    name: 'streams',
    help: 'Operations running over WebSockets.',
    collect: () => [...connections].reduce((sum, one) => sum + one.streams, 0),
  });
}

function adapterFor(
  connection: Connection,
  { config, logger }: SocketParts,
): Parameters<ReturnType<typeof createProtocol>['opened']>[0] {
  const { socket } = connection;
  return {
    protocol: socket.protocol,
    send: (data) => connection.send(data),
    close: (code, reason) => connection.close(code, reason),
    onMessage: (handle) => {
      socket.on('message', (data: Buffer, isBinary) => {
        const text = data.toString();
        if (isBinary || jsonDepth(text) > config.limits.jsonMaxDepth) return connection.cut('badMessage');
        handle(text).catch((error: unknown) => {
          const isOfProtocol = !(error instanceof Error && error.message.startsWith('Unexpected message of type'));
          if (isOfProtocol) logger.error({ err: error }, 'a socket message failed');
          connection.cut(isOfProtocol ? 'internal' : 'badMessage');
        });
      });
    },
  };
}

function keepAlive(connection: Connection): void {
  connection.checkStall();
  if (!connection.isAlive) return connection.cut('silent');
  connection.isAlive = false;
  if (connection.socket.readyState === connection.socket.OPEN) connection.socket.ping();
}

export function refuseUpgrade(socket: Duplex, status: 403 | 404 | 503): void {
  const text = { 403: 'Forbidden', 404: 'Not Found', 503: 'Service Unavailable' }[status];
  socket.on('error', () => socket.destroy());
  socket.end(`HTTP/1.1 ${status} ${text}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`);
}
