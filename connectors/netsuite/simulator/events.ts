/** The optional bundle: a script in the account that posts each change of a record, signed. */
import { createHmac } from 'node:crypto';
import { EventSender } from '../../../src/connect/simulating/index.ts';
import type { Change } from './books/books.ts';

export const bundleSender = (secret: string): EventSender<Change> =>
  new EventSender(([change]) => {
    const body = JSON.stringify(change);
    const signature = createHmac('sha256', secret).update(body).digest('hex');
    return { body, headers: { 'content-type': 'application/json; charset=utf-8', 'x-signature': signature } };
  });
