/** Which of the two content types of GraphQL over HTTP an answer gets. */

export const GRAPHQL_RESPONSE = 'application/graphql-response+json';
export const JSON_TYPE = 'application/json';
export type AnswerType = typeof GRAPHQL_RESPONSE | typeof JSON_TYPE;

/**
 * The best content type for an `accept` header, null when none of ours is in it. Who names both alike gets the newer one.
 * @example answerType('application/graphql-response+json, application/json;q=0.9') // 'application/graphql-response+json'
 */
export function answerType(accept: string | undefined): AnswerType | null {
  if (accept === undefined || accept.trim() === '') return JSON_TYPE;
  const weights = new Map(accept.slice(0, 1_000).toLowerCase().split(',').map(weightOf));
  const json = weights.get(JSON_TYPE) ?? weights.get('application/*') ?? weights.get('*/*') ?? 0;
  const graphql = weights.get(GRAPHQL_RESPONSE) ?? 0;
  if (graphql > 0 && graphql >= json) return GRAPHQL_RESPONSE;
  return json > 0 ? JSON_TYPE : null;
}

/**
 * Does the client want events as they come, rather than one answer? Whoever would as well have one answer gets that.
 * @example prefersEventStream('text/event-stream') // true
 */
export function prefersEventStream(accept: string | undefined): boolean {
  if (!accept?.includes('event-stream')) return false;
  const weights = new Map(accept.slice(0, 1_000).toLowerCase().split(',').map(weightOf));
  const stream = weights.get('text/event-stream') ?? 0;
  return stream > Math.max(weights.get(JSON_TYPE) ?? 0, weights.get(GRAPHQL_RESPONSE) ?? 0);
}

function weightOf(part: string): [type: string, weight: number] {
  const [type = '', ...parameters] = part.split(';').map((word) => word.trim());
  const weight = Number(parameters.find((word) => word.startsWith('q='))?.slice(2) ?? 1);
  return [type, Number.isNaN(weight) ? 0 : weight];
}
