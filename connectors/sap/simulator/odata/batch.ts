/** `$batch`: reads one by one, writes in changesets that are done whole or not at all, each part with its own status. */
import { malformedBatch } from './refusals.ts';
import { boundaryOf, type HttpPart, httpOf, httpPart, multipartOf, type Part, partsOf } from './multipart.ts';
import { type Answer, header, type ODataRequest } from './request.ts';

export interface BatchParts {
  /** One request; its refusals are answers. */
  readonly answer: (request: ODataRequest) => Answer;
  /** One request; its refusals are thrown. */
  readonly attempt: (request: ODataRequest) => Answer;
  readonly refuse: (error: unknown, request: ODataRequest) => Answer;
  readonly atomically: <T>(work: () => T) => T;
  /** The service's address without the origin, and its address as the client called it. */
  readonly path: string;
  readonly root: string;
  readonly boundary: () => string;
}

interface Sub {
  readonly request: ODataRequest;
  readonly contentId: string | undefined;
}

/** @throws SapRefusal when the batch as a whole can't be read */
export function answerBatch(request: ODataRequest, parts: BatchParts): Answer {
  const boundary = boundaryOf(header(request.headers, 'content-type') ?? '');
  if (boundary === null) throw malformedBatch('multipart/mixed with a boundary is expected');
  const answers = partsOf(request.body, boundary).map((part) => answerPart(part, parts));
  const own = parts.boundary();
  const headers = { dataserviceversion: '2.0' };
  return { status: 202, content: multipartOf(answers, own), type: `multipart/mixed; boundary=${own}`, headers };
}

function answerPart(part: Part, parts: BatchParts): Part {
  const inner = boundaryOf(part.headers['content-type'] ?? '');
  if (inner !== null) return changeset(partsOf(part.content, inner), parts);
  const { request, contentId } = subOf(part, parts);
  if (request.method === 'GET' || request.method === 'HEAD') return httpPart(parts.answer(request), contentId);
  return httpPart(parts.refuse(malformedBatch('writes belong into a changeset'), request), contentId);
}

/** The first refusal is the only answer, and nothing has happened. */
function changeset(requests: readonly Part[], parts: BatchParts): Part {
  let current: Sub | undefined;
  try {
    const answers = parts.atomically(() => {
      const made = new Map<string, string>();
      return requests.map((part) => {
        const sub = subOf(part, parts, made);
        current = sub;
        if (sub.request.method === 'GET') throw malformedBatch('reads do not belong into a changeset');
        const answer = parts.attempt(sub.request);
        const location = answer.headers?.location;
        if (sub.contentId !== undefined && typeof location === 'string')
          made.set(sub.contentId, location.slice(parts.root.length + 1));
        return httpPart(answer, sub.contentId);
      });
    });
    const boundary = parts.boundary();
    const content = multipartOf(answers, boundary);
    const headers = {
      'Content-Type': `multipart/mixed; boundary=${boundary}`,
      'Content-Length': String(Buffer.byteLength(content)),
    };
    return { headers, content };
  } catch (error) {
    const request = current?.request ?? { method: 'POST', path: '', query: '', headers: {}, body: '' };
    return httpPart(parts.refuse(error, request), current?.contentId);
  }
}

function subOf(part: Part, parts: BatchParts, made: ReadonlyMap<string, string> = new Map()): Sub {
  const http = httpOf(part);
  const contentId = part.headers['content-id'] ?? header(http.headers, 'content-id');
  const [path = '', query = ''] = targetOf(http, parts, made).split(/\?(.*)/s);
  return { request: { method: methodOf(http), path, query, headers: http.headers, body: http.body }, contentId };
}

/** POST that means MERGE, through what lets only GET and POST pass. */
export const methodOf = ({ method, headers }: Pick<HttpPart, 'method' | 'headers'>): string =>
  method === 'POST' ? (header(headers, 'x-http-method') ?? method).toUpperCase() : method;

/** Relative to the service, absolute on the host, or whole; `$1` is what the request of that Content-ID made. Elsewhere nothing is found. */
function targetOf({ target }: HttpPart, { path }: BatchParts, made: ReadonlyMap<string, string>): string {
  const local = target.replace(/^https?:\/\/[^/]+/i, '');
  if (local.startsWith('/')) {
    const isHere = local.replaceAll('%3B', ';').replaceAll('%3D', '=').toLowerCase().startsWith(`${path.toLowerCase()}/`);
    return isHere ? local.split('/').slice(path.split('/').length).join('/') : local;
  }
  const [, id, rest = ''] = /^\$([\w-]+)(.*)$/s.exec(local) ?? [];
  const known = id === undefined ? undefined : made.get(id);
  return known === undefined ? local : `${known}${rest}`;
}
