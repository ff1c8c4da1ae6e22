/** `knownAt` must be settled: a write that is still running may be recorded with a time up to the cap on a write's duration ago. */
import { DomainError } from '../kernel/errors.ts';

const KNOWN_AT_MARGIN_MS = 30_000;

/** @throws KNOWN_AT_TOO_RECENT that says what would be right */
export function requireKnownAt(now: Date, knownAt: Date): Date;
export function requireKnownAt(now: Date, knownAt: Date | null | undefined): Date | null;
export function requireKnownAt(now: Date, knownAt: Date | null | undefined): Date | null {
  if (!knownAt) return null;
  const latest = new Date(now.getTime() - KNOWN_AT_MARGIN_MS);
  if (knownAt <= latest) return knownAt;
  throw new DomainError(
    'KNOWN_AT_TOO_RECENT',
    `Running writes could still change what was known at ${knownAt.toISOString()}: use ${latest.toISOString()} or earlier, or leave knownAt out.`,
    // not as the error's path: graphql-js would take it for located already
    { details: { path: ['knownAt'], latest: latest.toISOString() } },
  );
}
