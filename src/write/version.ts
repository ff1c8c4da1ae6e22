/** Lost updates are refused: an edit names the version that it was made from. */
import { DomainError } from '../kernel/errors.ts';

/** @throws VERSION_CONFLICT that names both versions */
export function requireVersion(version: number, expected: number | undefined): void {
  if (expected !== undefined && expected !== version) {
    throw new DomainError(
      'VERSION_CONFLICT',
      `It has changed meanwhile: it is at version ${version}, you expected ${expected}. Read it again and decide anew.`,
      {
        path: ['expectedVersion'],
        details: { version, expected },
      },
    );
  }
}
