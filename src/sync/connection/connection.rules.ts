/** What a connection is told: its settings held against what its connector asks for, and what its events say. Pure; credentials never leave it. */
import { checkedBaseUrl, type Reach } from '../../connect/address.ts';
import type { Connector } from '../../connect/connector.ts';
import { DomainError, isDomainError } from '../../kernel/errors.ts';
import { type Issue, problemsOf } from '../../kernel/input-problems.ts';
import type { EventDraft } from '../../outbox/event.ts';
import type { Problem } from '../../write/command.ts';
import { invalidInput } from '../../write/outcome.ts';

type Values = Readonly<Record<string, unknown>>;

/** @throws INVALID_INPUT that names those that are installed */
export function connectorNamed(connectors: ReadonlyMap<string, Connector>, name: string): Connector {
  const found = connectors.get(name);
  if (found) return found;
  const names = [...connectors.keys()].sort().join(', ');
  const sentence =
    names === '' ? 'No connector is installed: its operator has to name one.' : `connector must be one of ${names}.`;
  throw new DomainError('INVALID_INPUT', sentence, { path: ['connector'] });
}

export interface Settings {
  readonly config: Values;
  /** Null: those that are kept stay. */
  readonly credentials: Values | null;
}

/** What is wrong with settings, each with the field's path; fields that the connector doesn't know are wrong too. */
export function settingsProblems(connector: Connector, { config, credentials }: Settings, reach: Reach): readonly Problem[] {
  const ofConfig = connector.config.strict().safeParse(config);
  const ofCredentials = credentials === null ? null : connector.credentials.strict().safeParse(credentials);
  const formal = [
    ...(ofConfig.success ? [] : formProblems('config', ofConfig.error.issues)),
    ...(ofCredentials === null || ofCredentials.success ? [] : formProblems('credentials', ofCredentials.error.issues)),
  ];
  if (formal.length > 0 || !ofConfig.success) return formal;
  const parsed = ofConfig.data;
  const outside = addressProblems(connector.baseUrls(parsed), config, reach);
  if (outside.length > 0 || !ofCredentials?.success) return outside;
  return signingProblems(connector, { config: parsed, credentials: ofCredentials.data }, reach);
}

const formProblems = (part: string, issues: readonly Issue[]): Problem[] =>
  invalidInput(problemsOf(issues.map((issue) => ({ ...issue, path: [part, ...issue.path] }))));

function addressProblems(urls: readonly string[], config: Values, reach: Reach): Problem[] {
  return urls.flatMap((url) => {
    const field = Object.keys(config).find((name) => config[name] === url);
    return refusalOf(() => checkedBaseUrl(url, { ...reach, path: field === undefined ? ['config'] : ['config', field] }));
  });
}

function refusalOf(check: () => unknown): Problem[] {
  try {
    check();
    return [];
  } catch (error) {
    if (!isDomainError(error)) throw error;
    return [{ code: error.code, message: error.message, path: error.inputPath ?? [] }];
  }
}

/** Whatever a library says of a key that it can't read stays unsaid: it could be a part of it. */
function signingProblems(connector: Connector, { config, credentials }: Settings, reach: Reach): Problem[] {
  try {
    const scheme = connector.auth(config, credentials);
    return 'tokenUrl' in scheme ? addressProblems([scheme.tokenUrl], config, reach) : [];
  } catch {
    const message = 'credentials must be such that requests can be signed with them: a key in them can not be read.';
    return [{ code: 'INVALID_INPUT', message, path: ['credentials'] }];
  }
}

interface Told {
  readonly id: string;
  readonly version: number;
  readonly code: string;
  readonly name: string;
  readonly connector: string;
  readonly lifecycle: string;
}

export const connectionEvent = (
  type: string,
  { id, version, code, name, connector, lifecycle }: Told,
  more: Readonly<Record<string, string>> = {},
): EventDraft => ({
  type,
  recordKind: 'ConnectedSystem',
  recordId: id,
  recordVersion: version,
  legalEntityId: null,
  accountId: null,
  customerId: null,
  payload: { code, name, connector, lifecycle, ...more },
});

export const authorityEvent = (authority: {
  readonly id: string;
  readonly version: number;
  readonly legalEntityId: string;
  readonly recordKind: string;
  readonly side: string;
}): EventDraft => ({
  type: 'authority.set',
  recordKind: 'Authority',
  recordId: authority.id,
  recordVersion: authority.version,
  legalEntityId: authority.legalEntityId,
  accountId: null,
  customerId: null,
  payload: { recordKind: authority.recordKind, side: authority.side },
});
