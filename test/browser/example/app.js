// A whole application on an origin of its own: log in, see tasks, add one, log out.
import { createClient } from '@signet/browser-client';

const AUTH = 'http://localhost:3000';
const BUSINESS = 'http://localhost:3001';

const client = createClient({ authUrl: AUTH, origins: [BUSINESS] });
const at = (id) => document.getElementById(id);

client.onChange(show);
attempt(async () => show(await client.user()));

at('login').addEventListener('submit', (event) => {
  event.preventDefault();
  const { email, password } = Object.fromEntries(new FormData(event.target));
  attempt(() => client.login({ email, password }));
});
at('add').addEventListener('submit', (event) => {
  event.preventDefault();
  const body = JSON.stringify(Object.fromEntries(new FormData(event.target)));
  attempt(async () => {
    await call('/tasks', { method: 'POST', headers: { 'content-type': 'application/json' }, body });
    event.target.reset();
    await list();
  });
});
at('logout').addEventListener('click', () => attempt(() => client.logout()));

function show(user) {
  at('login').hidden = user !== undefined;
  at('tasks').hidden = user === undefined;
  at('email').textContent = user?.email ?? '';
  at('list').replaceChildren();
  if (user) attempt(list);
}

async function list() {
  const { tasks } = await call('/tasks');
  const items = tasks.map(({ title }) => Object.assign(document.createElement('li'), { textContent: title }));
  at('list').replaceChildren(...items);
}

async function call(path, init) {
  const response = await client.fetch(BUSINESS + path, init);
  const answer = await response.json();
  if (!response.ok) throw new Error(answer.detail);
  return answer;
}

/** Shows what went wrong, as auth and the services put it. */
function attempt(work) {
  at('problem').textContent = '';
  work().catch((error) => (at('problem').textContent = error.message));
}
