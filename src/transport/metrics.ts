/**
 * What the process counts, in a registry of its own. Labels are of closed lists only (route, status, operation kind, error
 * code): never a name, an id or a text that a client chose, which would let anybody fill the memory.
 */
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

export interface GaugeRow {
  readonly name: string;
  readonly help: string;
  /** What its values are told apart by; absent: it has one. */
  readonly label?: string;
  /** Asked at each scrape; it must answer from memory or within milliseconds. By the label's values where it has one. */
  readonly collect: () => Value | Promise<Value>;
}

type Value = number | ReadonlyMap<string, number>;

const valuesOf = (label: string | undefined, value: Value): readonly [labels: Record<string, string>, value: number][] =>
  typeof value === 'number' ? [[{}, value]] : [...value].map(([name, one]) => [{ [label ?? '']: name }, one]);

/** By what an operation came. */
export type Transport = 'http' | 'socket' | 'sse';

export interface Metrics {
  readonly registry: Registry;
  /** Adds a gauge of another part: pool sizes, sealer lag, queue lengths. */
  gauge(row: GaugeRow): void;
  /** The same for what only grows; `_total` is added to its name. */
  counter(row: GaugeRow): void;
  httpRequest(request: { route: string; status: number; seconds: number }): void;
  operation(operation: { transport: Transport; kind: string; code: string }): void;
  socketCut(reason: string): void;
}

const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10, 30];

export function createMetrics(): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry, prefix: 'cashgraph_' });
  const registers = [registry];
  const requests = new Histogram({
    name: 'cashgraph_http_request_seconds',
    help: 'HTTP requests by route and status.',
    labelNames: ['route', 'status'],
    buckets: SECONDS,
    registers,
  });
  const operations = new Counter({
    name: 'cashgraph_graphql_operations_total',
    help: 'GraphQL operations by kind and by the code of their first error.',
    labelNames: ['transport', 'kind', 'code'],
    registers,
  });
  const cuts = new Counter({
    name: 'cashgraph_socket_cut_total',
    help: 'Sockets that the server closed, by reason.',
    labelNames: ['reason'],
    registers,
  });
  return {
    registry,
    gauge({ name, help, label, collect }) {
      // a part that starts again replaces its own
      registry.removeSingleMetric(`cashgraph_${name}`);
      const gauge = new Gauge({
        name: `cashgraph_${name}`,
        help,
        labelNames: label === undefined ? [] : [label],
        async collect() {
          for (const [labels, value] of valuesOf(label, await collect())) this.set(labels, value);
        },
        registers: [],
      });
      registry.registerMetric(gauge);
    },
    counter({ name, help, label, collect }) {
      registry.removeSingleMetric(`cashgraph_${name}_total`);
      const counter = new Counter({
        name: `cashgraph_${name}_total`,
        help,
        labelNames: label === undefined ? [] : [label],
        async collect() {
          this.reset();
          for (const [labels, value] of valuesOf(label, await collect())) this.inc(labels, value);
        },
        registers: [],
      });
      registry.registerMetric(counter);
    },
    httpRequest: ({ route, status, seconds }) => requests.observe({ route, status: String(status) }, seconds),
    operation: (labels) => operations.inc(labels),
    socketCut: (reason) => cuts.inc({ reason }),
  };
}
