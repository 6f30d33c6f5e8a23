import { ask, post } from './common.js';

const byId = (id) => document.getElementById(id);
const ship = location.pathname.split('/')[2];
const address = `/api/ships/${ship}/cargo`;

function show({ ship: { name, port, limit }, items, load }) {
  document.title = `${name} - Cargo desk`;
  byId('name').textContent = name;
  byId('port').textContent = port;
  Object.assign(byId('load'), { max: limit, high: limit * 0.8, value: load });
  byId('sum').textContent = `${load} of ${limit} t`;
  byId('items').replaceChildren(...items.map(entry));
  byId('export').href = `${address}.csv`;
  byId('clear').disabled = items.length === 0;
}

function entry(item) {
  const line = Object.assign(document.createElement('li'), { textContent: `${item.goods}, ${item.tonnes} t ` });
  const button = Object.assign(document.createElement('button'), { type: 'button', textContent: 'Unload' });
  button.setAttribute('aria-label', `Unload ${item.goods}`);
  button.addEventListener('click', () => unload(item));
  line.append(button);
  return line;
}

async function unload(item) {
  show((await ask(`${address}/${item.id}`, { method: 'DELETE' })).value);
}

byId('add').addEventListener('submit', async (event) => {
  event.preventDefault();
  const { ok, value } = await post(address, Object.fromEntries(new FormData(event.target)));
  byId('problem').textContent = ok ? '' : value.error;
  show(value);
  if (ok) event.target.reset();
});

byId('manifest').addEventListener('change', async (event) => {
  const text = await event.target.files[0].text();
  const { value } = await ask(`${address}/manifest`, { method: 'POST', body: text });
  byId('imported').textContent = `${value.items.length} on board, ${value.refused} refused`;
  show(value);
});

byId('clear').addEventListener('click', () => byId('confirm').showModal());
byId('confirm').addEventListener('close', async () => {
  if (byId('confirm').returnValue !== 'yes') return;
  const { value } = await ask(address);
  for (const item of value.items) await unload(item);
});

const first = await ask(address);
if (first.ok) show(first.value);
else document.querySelector('main').innerHTML = '<h1>No such ship</h1>';
