/**
 * The log of the process: one JSON object a line, or short lines on a developer's terminal. Secrets and values of rows never get
 * in: known keys are redacted, credentials inside texts are struck out, and a database error keeps its names but not its values.
 */
import { type DestinationStream, type Logger as PinoLogger, type LoggerOptions as PinoOptions, pino } from 'pino';

export type Logger = PinoLogger;

export interface LoggerOptions {
  readonly level: string;
  /** Short lines for people instead of JSON; only for a terminal in development. */
  readonly isForPeople?: boolean;
  readonly destination?: DestinationStream;
}

const SECRET_KEYS = [
  'authorization',
  'Authorization',
  'cookie',
  'set-cookie',
  'token',
  'secret',
  'password',
  'apiKey',
  'clientSecret',
  'accessToken',
  'refreshToken',
  'privateKey',
  'connectionParams',
  'secretKeys',
  'webhook-signature',
  'metricsToken',
  'databaseUrl',
]; // prettier-ignore
const REDACTED = SECRET_KEYS.flatMap((key) => {
  const quoted = `["${key}"]`;
  return [quoted, `*${quoted}`, `*.*${quoted}`];
});

/** Bearer tokens, signatures of addresses, JWTs, API keys, shared secrets, and passwords in addresses. */
const CREDENTIALS =
  /\b(Bearer\s+)[\w.~+/=-]+|([?&]signature=)[\w.%-]+|\beyJ[\w-]+\.[\w-]+\.[\w-]*|\bcg_(?:live|test)_\w+|\bwhsec_[\w+/=]+|(:\/\/[^\s:/@]*:)[^\s@/]+(?=@)/g;

/** Strikes credentials out of a text. @example withoutSecrets('Bearer abc') // 'Bearer [gone]' */
const withoutSecrets = (text: string): string =>
  text.replace(
    CREDENTIALS,
    (_all, bearer?: string, signed?: string, address?: string) => `${bearer ?? signed ?? address ?? ''}[gone]`,
  );

/** What is worth keeping of an error. Not `detail`, `where`, `query` or `parameters` of a database error: they hold values. */
function shownInLog(error: unknown, depth = 0): unknown {
  if (!(error instanceof Error)) return withoutSecrets(String(error)).slice(0, 500);
  const from = error as Error & Readonly<Record<string, unknown>>;
  const names = ['code', 'severity', 'schema', 'table', 'column', 'constraint', 'routine', 'syscall', 'errno'];
  return {
    type: error.name,
    message: withoutSecrets(error.message).slice(0, 2_000),
    ...Object.fromEntries(names.flatMap((name) => (typeof from[name] === 'string' ? [[name, from[name]]] : []))),
    stack: withoutSecrets(error.stack ?? '').slice(0, 4_000),
    ...(depth < 3 && error.cause !== undefined ? { cause: shownInLog(error.cause, depth + 1) } : {}),
    ...(depth < 3 && from.originalError instanceof Error ? { original: shownInLog(from.originalError, depth + 1) } : {}),
  };
}

/** @example createLogger({ level: config.logLevel, isForPeople: process.stdout.isTTY && !config.isProduction }) */
export function createLogger({ level, isForPeople = false, destination }: LoggerOptions): Logger {
  const options: PinoOptions = {
    level,
    base: null,
    redact: { paths: REDACTED, censor: '[gone]' },
    serializers: { err: (error: unknown) => shownInLog(error) },
    formatters: { level: (label: string) => ({ level: label }) },
  };
  const out = destination ?? pino.destination({ dest: 1, sync: false });
  return pino(options, isForPeople ? linesForPeople(out) : out);
}

function linesForPeople(out: DestinationStream): DestinationStream {
  return {
    write(line: string) {
      const { level, time, msg = '', err, ...rest } = JSON.parse(line) as Record<string, unknown>;
      const at = new Intl.DateTimeFormat('en-GB', { timeStyle: 'medium' }).format(time as number);
      const facts = Object.entries(rest).map(
        ([key, value]) => `${key}=${typeof value === 'string' ? value : JSON.stringify(value)}`,
      );
      const stack = (err as { stack?: string } | undefined)?.stack;
      out.write(`${[at, String(level).padEnd(5), msg, ...facts].join(' ')}${stack === undefined ? '' : `\n${stack}`}\n`);
    },
  };
}
