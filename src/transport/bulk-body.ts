/**
 * Bodies of mutations for many inputs may be larger than others: only of those who are signed in, only when their length is announced,
 * so many at once, and nothing of another operation is ever run from one.
 */
import type { IncomingMessage } from 'node:http';
import type { DocumentNode } from 'graphql';
import type { Limits } from '../config.ts';
import { DomainError } from '../kernel/errors.ts';
import { readJson, tooLarge } from './request-body.ts';

export interface BulkBodies {
  /** The body of a request of somebody who is signed in. @throws BODY_TOO_LARGE, UNAVAILABLE, and as `readJson` */
  read(request: IncomingMessage): Promise<unknown>;
  /** Before it is parsed. @throws BODY_TOO_LARGE */
  checkText(request: IncomingMessage, text: string | undefined): void;
  /** @throws BODY_TOO_LARGE for a body that only a mutation for many inputs may have, unless it is one */
  check(request: IncomingMessage, document: DocumentNode): void;
}

const announcedBytes = ({ headers }: IncomingMessage): number => Number(headers['content-length'] ?? 0);

export function createBulkBodies(limits: Limits): BulkBodies {
  const { bodyMaxBytes, bulkBodyMaxBytes, bulkBodiesMaxCount } = limits;
  const isLarge = (request: IncomingMessage) => announcedBytes(request) > bodyMaxBytes;
  let underWay = 0;
  return {
    async read(request) {
      if (!isLarge(request)) return readJson(request, limits, bodyMaxBytes);
      if (announcedBytes(request) > bulkBodyMaxBytes) throw tooLarge(bodyMaxBytes);
      if (underWay >= bulkBodiesMaxCount)
        throw new DomainError('UNAVAILABLE', `${underWay} large requests are being read: try again in a moment.`);
      underWay += 1;
      try {
        return await readJson(request, limits, bulkBodyMaxBytes);
      } finally {
        underWay -= 1;
      }
    },
    checkText(request, text) {
      if (isLarge(request) && (text === undefined || Buffer.byteLength(text) > bodyMaxBytes)) throw tooLarge(bodyMaxBytes);
    },
    check(request, document) {
      if (isLarge(request) && !isBulk(document)) throw tooLarge(bodyMaxBytes);
    },
  };
}

/** Nothing but mutations for many inputs: their names begin so, and no others' do. */
function isBulk({ definitions }: DocumentNode): boolean {
  const operations = definitions.filter((one) => one.kind === 'OperationDefinition');
  return operations.every(
    ({ operation, selectionSet }) =>
      operation === 'mutation' &&
      selectionSet.selections.every((one) => one.kind === 'Field' && /^bulk[A-Z]/.test(one.name.value)),
  );
}
