/** What the transport is given by the composition root, and what it gives back. Only types and the default shapes live here. */
import type { ApolloServerPlugin } from '@apollo/server';
import type { GraphQLFieldResolver, GraphQLSchema } from 'graphql';
import type { Server } from 'node:http';
import type { Principal } from '../access/principal.ts';
import type { Config } from '../config.ts';
import type { Clock } from '../kernel/clock.ts';
import type { ReceiveErpWebhook, ReceiveWebhook } from '../sync/index.ts';
import type { GraphContext } from '../write/context.ts';
import type { DownloadKind } from '../write/download.ts';
import type { SendExport } from './export/download.ts';
import type { Logger } from './logger.ts';
import type { Metrics } from './metrics.ts';
import type { TrustedDocuments } from './persisted.ts';
import type { ImportFiles } from './import/files.ts';
import type { DeprecatedUse } from './usage/counter.ts';

/** Loads an actor from our own tables. Null for whoever is unknown, disabled, revoked or expired: all look alike to a client. */
export interface SignIn {
  bySubject(input: { issuer: string; subject: string; tenant: string }): Promise<Principal | null>;
  byApiKey(input: { lookup: string; secret: string }): Promise<Principal | null>;
}

/** What an operation knows of the request that carries it, the same over HTTP and sockets. */
export interface RequestFacts {
  readonly requestId: string;
  /** The header `Idempotency-Key`; over a socket `extensions.idempotencyKey` of the subscribe message. */
  readonly idempotencyKey: string | null;
  /** The header `Last-Event-ID` of an event stream: a subscription goes on after it, whatever it says itself. */
  readonly resumeAfter?: string;
}

export interface ReadinessCheck {
  readonly name: string;
  readonly isReady: boolean;
  /** A sentence for the operator, without secrets: everybody who reaches the port can read it. */
  readonly note?: string;
}

export interface DemoLogin {
  readonly label: string;
  readonly token: string;
}

export interface ExampleOperation {
  readonly query: string;
  /** JSON. */
  readonly variables?: string;
}

export interface ListenOptions {
  readonly schema: GraphQLSchema;
  readonly config: Config;
  readonly signIn: SignIn;
  /** Called once for each operation. */
  readonly context: (principal: Principal, request: RequestFacts) => GraphContext;
  readonly readiness: () => Promise<readonly ReadinessCheck[]>;
  /** Takes the webhooks of logistics providers; without it there are none. */
  readonly receiveLogistics?: ReceiveWebhook;
  /** Takes the webhooks of ERPs; without it there are none. */
  readonly receiveErp?: ReceiveErpWebhook;
  /** Takes files that are to be imported, and gives reports of what was refused; absent: none. */
  readonly importFiles?: ImportFiles;
  /** Documents that the operator has added; absent: none. */
  readonly trustedDocuments?: TrustedDocuments;
  /** Keeps who has used what is deprecated; absent: nobody counts. */
  readonly saveUses?: (uses: readonly DeprecatedUse[]) => Promise<void>;
  /** What can be downloaded as a document; absent: nothing. */
  readonly downloads?: readonly DownloadKind[];
  /** Sends the files of exports; absent: there are none. */
  readonly sendExport?: SendExport;
  /** The logins that GraphiQL offers; asked for in development only. */
  readonly demoLogins?: () => readonly DemoLogin[] | Promise<readonly DemoLogin[]>;
  /** The first tabs of GraphiQL, one for each use case. */
  readonly examples?: readonly ExampleOperation[];
  readonly logger: Logger;
  readonly clock: Clock;
  /** Made by `createMetrics()`, when others register gauges in it too. */
  readonly metrics?: Metrics;
  /** Answers plain fields; the read engine's. */
  readonly fieldResolver?: GraphQLFieldResolver<unknown, GraphContext>;
  /** More Apollo plugins. */
  readonly plugins?: readonly ApolloServerPlugin<GraphContext>[];
}

export interface Listening {
  readonly url: string;
  readonly port: number;
  readonly server: Server;
  /** Stops accepting, answers what comes on open connections, closes sockets with 1001; done after `shutdownTimeoutMs` at the latest. */
  close(): Promise<void>;
}
