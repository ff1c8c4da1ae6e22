/** GraphiQL in a real browser: it loads from its own server only, signs in with a demo login, queries, and subscribes. */
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchBrowser } from '../support/browser.ts';
import { type Fixture, start } from './fixture.ts';

const EXAMPLES = [
  { query: 'query Greeting($to: String) {\n  hello(to: $to)\n}\n', variables: '{"to": "browser"}' },
  { query: 'subscription Live {\n  tick(everyMs: 50)\n}\n' },
];

let browser: Browser;
let server: Fixture;

beforeAll(async () => {
  browser = await launchBrowser();
  let token = '';
  server = await start({ env: { GRAPHIQL: 'on' }, examples: EXAMPLES, demoLogins: () => [{ label: 'Admin of Acme', token }] });
  token = await server.token('admin');
  // the bundle is made at the first request
  await fetch(server.url);
});
afterAll(async () => {
  await browser?.close();
  await server?.close();
});

const answerOf = (page: Page) =>
  page
    .locator('.result-window .view-lines')
    .innerText()
    .then((text) => text.replaceAll('\u00a0', ' '));

async function eventually(look: () => Promise<string>, wanted: RegExp): Promise<void> {
  await expect.poll(look).toMatch(wanted);
}

describe('GraphiQL', () => {
  it('runs a query and a subscription, with no request to another host and no error', async () => {
    const page = await browser.newPage();
    const problems: string[] = [];
    const hosts = new Set<string>();
    page.on('console', (message) => ['error', 'warning'].includes(message.type()) && problems.push(message.text()));
    page.on('pageerror', (error) => problems.push(error.message));
    page.on('requestfailed', (request) => problems.push(`${request.url()} ${request.failure()?.errorText}`));
    page.on('request', (request) => /^(https?|wss?):/.test(request.url()) && hosts.add(new URL(request.url()).host));
    page.on('websocket', (socket) => hosts.add(new URL(socket.url()).host));
    await page.goto(server.url);
    await page.getByRole('tab', { name: 'Greeting' }).waitFor();
    expect(await page.locator('#login').inputValue()).toBe('Admin of Acme');

    await page.locator('.graphiql-execute-button').click();
    await eventually(() => answerOf(page), /"hello": "hello browser"/);

    await page.getByRole('tab', { name: 'Live' }).click();
    // the editor finds out a moment later which operation is in the tab
    await page.waitForTimeout(1_000);
    await page.locator('.graphiql-execute-button').click();
    await eventually(() => answerOf(page), /"tick": "\d+"/);
    await page.locator('.graphiql-execute-button').click();

    await page.getByRole('button', { name: 'Show Documentation Explorer' }).click();
    await page.locator('.graphiql-doc-explorer').getByText('Subscription').first().waitFor();
    expect(problems).toEqual([]);
    expect([...hosts]).toEqual([new URL(server.url).host]);
    await page.close();
  });

  it('takes a pasted token in place of a login', async () => {
    const page = await browser.newPage();
    await page.goto(server.url);
    await page.locator('#token').fill('nonsense');
    await page.locator('.graphiql-execute-button').click();
    await eventually(() => answerOf(page), /UNAUTHENTICATED/);
    expect(await page.locator('#login').inputValue()).toBe('');
    await page.locator('#login').selectOption('Admin of Acme');
    await page.waitForTimeout(1_500);
    await page.locator('.graphiql-execute-button').click();
    await eventually(() => answerOf(page), /"hello": "hello browser"/);
    await page.close();
  });
});
