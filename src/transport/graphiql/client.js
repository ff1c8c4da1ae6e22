/**
 * The GraphiQL page in the browser: the editor, a bar to choose a demo login or paste a token, and an example of each use case
 * as first tabs. Queries go over HTTP, subscriptions over the WebSocket of the same address. A pasted token
 * stays in the tab it was pasted into.
 */
import 'graphiql/style.css';
import './client.css';
import { GraphiQL } from 'graphiql';
import { createClient } from 'graphql-ws';
import { createElement as h, useEffect, useState } from 'react';
import { createRoot } from 'react-dom/client';

globalThis.MonacoEnvironment = {
  getWorker(_id, label) {
    const name = label === 'json' || label === 'graphql' ? label : 'editor';
    return new Worker(`/graphiql/${name}.worker.js`);
  },
};

const LABEL = 'cashgraph:login';
const PASTED = 'cashgraph:token';
const GREETING = '# Choose a login above, then press Ctrl-Enter to run an operation.\n{\n  __typename\n}\n';
const socketUrl = `${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/graphql`;

/** Who is signed in, outside of React: the editor keeps the fetcher that it was made with. */
const session = { token: null, headers: {}, sockets: null, hasFailed: false };

function signIn(token) {
  if (session.token === token) return;
  session.sockets?.dispose();
  session.token = token;
  session.headers = token === '' ? {} : { authorization: `Bearer ${token}` };
  session.sockets = createClient({ url: socketUrl, lazy: true, retryAttempts: 3, connectionParams: session.headers });
}

/** A subscription is answered by a stream, all else by a promise: GraphiQL takes both. */
function fetcher(operation, { documentAST, headers } = {}) {
  const definitions = documentAST?.definitions.filter((node) => node.kind === 'OperationDefinition') ?? [];
  const chosen = definitions.find((node) => definitions.length === 1 || node.name?.value === operation.operationName);
  return chosen?.operation === 'subscription' ? session.sockets.iterate(operation) : post(operation, headers);
}

async function post(operation, headers) {
  const sent = { 'content-type': 'application/json', ...session.headers, ...headers };
  const response = await fetch('/graphql', { method: 'POST', headers: sent, body: JSON.stringify(operation) });
  const result = await response.json();
  if (operation.operationName === 'IntrospectionQuery') session.hasFailed = result.data === undefined;
  return result;
}

/** GraphiQL keeps the tabs by itself; of the examples it forgets the variables of the one that is shown first. */
function firstTabs(examples) {
  if (examples.length === 0 || localStorage.getItem('graphiql:tabState') !== null) return {};
  return { defaultTabs: examples, initialVariables: examples[0].variables };
}

function Page({ logins, examples }) {
  // a demo login is kept by its label, since its token is another one after a restart; a pasted token only for this tab
  const [label, setLabel] = useState(() => localStorage.getItem(LABEL) ?? logins[0]?.label ?? '');
  const [pasted, setPasted] = useState(() => sessionStorage.getItem(PASTED) ?? '');
  const login = pasted === '' ? logins.find((row) => row.label === label) : undefined;
  const token = login?.token ?? pasted;
  signIn(token);
  // the schema wasn't for the login before: the editor starts anew to read it, but not on each letter of a token that is typed
  const [attempt, setAttempt] = useState(0);
  useEffect(() => {
    const timer = setTimeout(() => session.hasFailed && setAttempt((before) => before + 1), 1_000);
    return () => clearTimeout(timer);
  }, [token]);
  useEffect(() => {
    localStorage.setItem(LABEL, label);
    sessionStorage.setItem(PASTED, pasted);
  }, [label, pasted]);
  const choose = (event) => {
    setPasted('');
    setLabel(event.target.value);
  };
  const choice = h(
    'select',
    { id: 'login', value: login?.label ?? '', onChange: choose },
    h('option', { value: '' }, logins.length === 0 ? 'no demo logins' : 'another token'),
    logins.map((row) => h('option', { key: row.label, value: row.label }, row.label)),
  );
  const field = h('input', {
    id: 'token',
    type: 'password',
    autoComplete: 'off',
    spellCheck: false,
    placeholder: 'or paste a token or an API key',
    value: pasted,
    onChange: (event) => setPasted(event.target.value.trim()),
  });
  const bar = h(
    'form',
    { className: 'who', onSubmit: (event) => event.preventDefault() },
    h('label', { htmlFor: 'login' }, 'Signed in as'),
    choice,
    field,
  );
  const editor = h(GraphiQL, {
    key: attempt,
    fetcher,
    ...firstTabs(examples),
    defaultQuery: GREETING,
    shouldPersistHeaders: false,
  });
  return h('div', { className: 'page' }, bar, h('div', { className: 'editor' }, editor));
}

const list = (path) => fetch(path).then((response) => (response.ok ? response.json() : []));

void Promise.all([list('/demo-logins.json'), list('/examples.json')]).then(([logins, examples]) => {
  createRoot(document.getElementById('graphiql')).render(h(Page, { logins, examples }));
});
