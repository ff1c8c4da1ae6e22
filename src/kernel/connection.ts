/** Start-up settings of a database session, added to a connection's description. Opens nothing and reads no secret. */

/** The parts of a Postgres client's configuration that are used here. */
export interface ConnectionLike {
  connectionString?: string | undefined;
  options?: string | undefined;
  application_name?: string | undefined;
}

/**
 * The same connection under a name by which the database's list of sessions shows what it is for.
 * @example named({ application_name: 'cashgraph worker 71' }, 'write').application_name // 'cashgraph worker 71 write'
 */
export const named = <C extends ConnectionLike>(connection: C, part: string): C => ({
  ...connection,
  application_name: `${connection.application_name ?? 'cashgraph'} ${part}`,
});

/**
 * The same connection, its sessions starting with these settings. What a connection string says wins over the fields beside it,
 * so the settings go in there when there is one.
 * @example withSettings({ host: 'db' }, { role: 'cashgraph_app' }).options // '-c role=cashgraph_app'
 */
export function withSettings<C extends ConnectionLike>(connection: C, settings: Readonly<Record<string, string | number>>): C {
  const added = Object.entries(settings).map(([name, value]) => `-c ${name}=${value}`);
  const join = (before: string | null | undefined) => [...(before ? [before] : []), ...added].join(' ');
  if (!connection.connectionString) return { ...connection, options: join(connection.options) };
  const url = new URL(connection.connectionString);
  url.searchParams.set('options', join(url.searchParams.get('options')));
  return { ...connection, connectionString: url.href };
}
