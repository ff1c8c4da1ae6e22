/** What a connector makes of one raw record, and whether that has the form of its kind. Whatever it throws concerns that record alone. */
import { CANONICAL, type Canonical, canonicalInstant, type JsonObject } from '../../canonical/canonical.ts';
import type { Stream } from '../../connect/connector.ts';
import { parsePublicId } from '../../kernel/ids.ts';
import type { OpenConnection } from '../engine.ts';

export interface Wrong {
  /** Of the ERP's record, or of the document. */
  readonly field: string | null;
  readonly message: string;
}

export interface Assembly {
  readonly document: Canonical;
  /** The record of ours that it says it is. */
  readonly ours: string | null;
  readonly extensions: JsonObject | null;
  readonly createdAt: string | null;
}

export type Assembled =
  | { readonly assembly: Assembly; readonly wrong?: never }
  | { readonly wrong: Wrong; readonly assembly?: never; readonly fault?: unknown }
  | { readonly assembly?: never; readonly wrong?: never };

/** Neither a document nor wrong: it is no business of ours. `fault`: the connector failed in a way of its own, for the log. */
export function assemble(connection: OpenConnection, stream: Stream, raw: JsonObject): Assembled {
  const [entity] = connection.entities;
  const context = { config: connection.config, functionalCurrency: entity?.functionalCurrency ?? '' };
  try {
    const { document, ours, extensions, createdAt } = stream.assemble(raw, context);
    const result = CANONICAL[stream.kind].safeParse(document);
    if (!result.success) return { wrong: wrongOf(result.error.issues) };
    return {
      assembly: {
        document: result.data,
        ours: ours === undefined ? null : uuidIn(ours),
        extensions: extensions && Object.keys(extensions).length > 0 ? extensions : null,
        createdAt: createdAt !== undefined && canonicalInstant.safeParse(createdAt).success ? createdAt : null,
      },
    };
  } catch (error) {
    return thrown(error);
  }
}

/** By their names: a connector of its own package may bring its own copy of the classes. */
function thrown(error: unknown): Assembled {
  const { name, message, field } = error as { name?: string; message?: string; field?: unknown };
  if (name === 'NotOurs') return {};
  if (name === 'MappingError') return { wrong: { field: typeof field === 'string' ? field : null, message: message ?? '' } };
  return { wrong: { field: null, message: 'The connector can not read this record: its own log says why.' }, fault: error };
}

interface Issue {
  readonly path: readonly PropertyKey[];
  readonly message: string;
}

function wrongOf([issue]: readonly Issue[]): Wrong {
  const field = issue?.path.map(String).join('.') ?? '';
  return {
    field: field === '' ? null : field,
    message: `${field === '' ? 'The document' : field}: ${issue?.message ?? 'is not right'}.`,
  };
}

/** What isn't an id of ours says nothing: somebody may have written into the field. */
function uuidIn(ours: string): string | null {
  try {
    return parsePublicId(ours).uuid;
  } catch {
    return null;
  }
}
