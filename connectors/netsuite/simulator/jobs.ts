/** Asynchronous requests: done at once, told as a job with tasks, whose results are the answers that the same requests would have had. */
import { randomUUID } from 'node:crypto';
import type { Said } from '../../../src/connect/simulating/index.ts';
import { bodyOf, type Call, headerOf, shown } from './call.ts';
import type { Body, Json } from './contract.ts';
import { textOf } from './json.ts';
import { invalidRequest, noPath, notAllowed, Problem } from './problem.ts';

interface Job {
  readonly id: string;
  readonly results: readonly Said[];
  /** It is seen under way once, as a real one mostly is. */
  isSeen: boolean;
}

const BATCH_MAX = 100;
const JOBS_MAX = 1_000;
export type Answering = (call: Call) => Said;

export class Jobs {
  readonly #jobs = new Map<string, Job>();
  /** The job of each idempotency key. */
  readonly #keys = new Map<string, string>();

  /** @param answer what the request would have been answered by itself */
  start(call: Call, answer: Answering): Said {
    const key = headerOf(call, 'x-netsuite-idempotency-key');
    const known = key === '' ? undefined : this.#keys.get(key);
    if (known !== undefined)
      throw new Problem(400, 'IDEMPOTENCY_ERROR', `The idempotency key '${key}' was used for another request already.`, {
        header: 'X-NetSuite-Idempotency-Key',
        location: jobHref(call, known),
      });
    const id = randomUUID();
    this.#jobs.set(id, { id, results: tasksOf(call).map((task) => answer(task)), isSeen: false });
    if (key !== '') this.#keys.set(key, id);
    this.#forgetOldest();
    return {
      status: 202,
      content: '',
      type: 'application/vnd.oracle.resource+json; type=singular; charset=UTF-8',
      headers: { location: jobHref(call, id), 'preference-applied': 'respond-async' },
    };
  }

  /** `async/v1/job/{id}[/task[/{number}[/result]]]` */
  answer(call: Call): Said {
    if (call.method !== 'GET') throw notAllowed(call.method);
    const [, , collection, id = '', task, number, result] = call.path;
    const job = collection === 'job' ? this.#jobs.get(id) : undefined;
    if (job === undefined) throw noPath(call.url.pathname);
    const self = jobHref(call, id);
    if (task === undefined) return shown('singular', this.#state(job, self));
    const at = Number(number ?? 1) - 1;
    const said = job.results[at];
    if (task !== 'task' || said === undefined) throw noPath(call.url.pathname);
    if (number === undefined) return shown('collection', tasksBody(job, self));
    if (result === 'result') return said;
    return shown('singular', { links: [link(`${self}/task/${number}`)], id: number, completed: true, progress: 'succeeded' });
  }

  #state(job: Job, self: string): Body {
    const isDone = job.isSeen;
    job.isSeen = true;
    const progress = isDone ? 'succeeded' : 'processing';
    return { links: [link(self)], id: job.id, completed: isDone, progress, task: { links: [link(`${self}/task`)] } };
  }

  #forgetOldest(): void {
    const [oldest] = this.#jobs.keys();
    if (this.#jobs.size > JOBS_MAX && oldest !== undefined) this.#jobs.delete(oldest);
  }
}

const link = (href: string): Json => ({ rel: 'self', href });
const jobHref = ({ root }: Call, id: string): string => `${root}/async/v1/job/${id}`;

function tasksBody({ results }: Job, self: string): Body {
  const items = results.map((_, index) => ({ links: [link(`${self}/task/${index + 1}`)] }));
  return { links: [link(`${self}/task`)], count: items.length, hasMore: false, items, offset: 0, totalResults: items.length };
}

/** One request, or the requests of a batch in their order. */
function tasksOf(call: Call): Call[] {
  const isBatch = headerOf(call, 'content-type').includes('type=collection');
  const ids = call.url.searchParams.get('ids');
  if (!isBatch && ids === null) return [call];
  if (call.path.length > 3) throw invalidRequest('A batch is of one record type: /record/v1/{type}.');
  if (ids !== null && (call.method === 'GET' || call.method === 'DELETE')) {
    const list = ids.split(',').map((id) => id.trim());
    return limited(list).map((id) => ({ ...call, path: [...call.path, id], url: withoutIds(call.url) }));
  }
  const { items } = bodyOf(call);
  if (!Array.isArray(items)) throw invalidRequest('A batch is {"items":[…]}.');
  return limited(items as Body[]).map((item) => taskOf(call, item));
}

/** Each names its own record: by `id`, or by `externalId` for PUT. */
function taskOf(call: Call, item: Body): Call {
  const { id, ...body } = item;
  const key = call.method === 'PUT' ? `eid:${textOf(item['externalId'])}` : call.method === 'PATCH' ? textOf(id) : undefined;
  return {
    ...call,
    path: key === undefined ? call.path : [...call.path, key],
    body: JSON.stringify(key === undefined ? item : body),
  };
}

function limited<Item>(items: readonly Item[]): readonly Item[] {
  if (items.length > 0 && items.length <= BATCH_MAX) return items;
  throw invalidRequest(`A batch has 1 to ${BATCH_MAX} records, not ${items.length}.`);
}

function withoutIds(url: URL): URL {
  const single = new URL(url);
  single.searchParams.delete('ids');
  single.searchParams.delete('expandRecords');
  return single;
}
