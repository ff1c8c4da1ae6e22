/** The connectors that the operator has installed, in the graph: what each asks for, reads and writes, and what was proved of it. */
import { Ctx, Query, Resolver } from 'type-graphql';
import { requirePermission } from '../../access/principal.ts';
import type { Connector } from '../../connect/connector.ts';
import { JsonScalar, objectClass } from '../../read/schema.ts';
import type { SyncContext } from '../context.ts';
import { KINDS } from '../inbound/kinds.ts';

const STRING = () => String;

const ConnectorStream = objectClass({
  name: 'ConnectorStream',
  description: 'A kind of records that a connector reads.',
  fields: [
    { name: 'name', type: STRING, description: 'Its name.' },
    { name: 'recordKind', type: STRING, description: 'What its records become, for example Invoice.' },
    { name: 'description', type: STRING, description: 'What it reads.' },
  ],
});

const ConnectorPush = objectClass({
  name: 'ConnectorPush',
  description: 'A kind of records that a connector writes.',
  fields: [
    { name: 'recordKind', type: STRING, description: 'The kind of record.' },
    { name: 'commands', type: () => [String], description: 'What it can ask: CREATE, UPDATE, VOID.' },
  ],
});

const ConnectorObject = objectClass({
  name: 'Connector',
  description: 'What connections can be made with.',
  fields: [
    { name: 'name', type: STRING, description: 'Its name, for createConnection.' },
    { name: 'title', type: STRING, description: 'What people call it.' },
    { name: 'description', type: STRING, description: 'What it connects to.' },
    { name: 'configSchema', type: () => JsonScalar, description: 'The JSON Schema of `config`.' },
    { name: 'credentialsSchema', type: () => JsonScalar, description: 'The JSON Schema of `credentials`.' },
    { name: 'streams', type: () => [ConnectorStream], description: 'What it reads.' },
    { name: 'pushes', type: () => [ConnectorPush], description: 'What it writes.' },
    {
      name: 'authority',
      type: () => JsonScalar,
      description:
        'By kind of record, who has authority unless an administrator says otherwise; the platform over what is not named.',
    },
    { name: 'hasWebhooks', type: () => Boolean, description: 'The ERP can tell of changes by itself.' },
    {
      name: 'coverage',
      type: () => JsonScalar,
      nullable: true,
      description:
        'What the conformance kit proved of it, as `schema/coverage.md` shows it: per record what is read and written, and each test with its result; a skip has its reason. Null: the kit was never run on it.',
    },
  ],
});

const shown = (connector: Connector): object =>
  Object.assign(new ConnectorObject(), {
    name: connector.name,
    title: connector.title,
    description: connector.description,
    configSchema: schemaOf(connector.config),
    credentialsSchema: schemaOf(connector.credentials),
    streams: connector.streams.map(({ name, kind, description }) =>
      Object.assign(new ConnectorStream(), { name, description, recordKind: KINDS[kind].record }),
    ),
    pushes: connector.pushes.map(({ kind, commands }) =>
      Object.assign(new ConnectorPush(), { recordKind: KINDS[kind].record, commands: [...commands] }),
    ),
    authority: connector.authority,
    hasWebhooks: connector.webhooks !== undefined,
    coverage: connector.coverage ?? null,
  });

/** What has to be entered: before conversions, and with what has a default left free. */
const schemaOf = (schema: Connector['config']): unknown => schema.toJSONSchema({ io: 'input', unrepresentable: 'any' });

@Resolver()
export class ConnectorsResolver {
  @Query(() => [ConnectorObject], {
    description: 'The connectors that this server has, by name. Needs the permission `connections:read`.',
  })
  connectors(@Ctx() { principal, sync }: SyncContext): object[] {
    requirePermission(principal, 'connections:read');
    return [...sync.connectors.values()].sort((a, b) => (a.name < b.name ? -1 : 1)).map(shown);
  }
}
