import { ask } from './common.js';

const byId = (id) => document.getElementById(id);
let page = 1;

async function show() {
  const query = new URLSearchParams({ query: byId('query').value, sort: byId('sort').value, page });
  const { value } = await ask(`/api/ships?${query}`);
  page = value.page;
  byId('count').textContent = `${value.total} ships`;
  byId('page').textContent = `Page ${value.page} of ${value.pages}`;
  byId('previous').disabled = value.page === 1;
  byId('next').disabled = value.page === value.pages;
  byId('ships').replaceChildren(...value.ships.map(row));
}

function row(ship) {
  const line = document.createElement('tr');
  const name = document.createElement('td');
  const link = Object.assign(document.createElement('a'), { href: `/ships/${ship.id}`, textContent: ship.name });
  name.append(link);
  const cells = [ship.port, `${ship.limit} t`].map((text) =>
    Object.assign(document.createElement('td'), { textContent: text }));
  line.append(name, ...cells);
  return line;
}

function turn(pages) {
  page += pages;
  return show();
}

byId('query').addEventListener('input', () => { page = 1; show(); });
byId('sort').addEventListener('change', () => { page = 1; show(); });
byId('previous').addEventListener('click', () => turn(-1));
byId('next').addEventListener('click', () => turn(1));
document.addEventListener('keydown', (event) => {
  if (event.key === '/' && document.activeElement !== byId('query')) {
    event.preventDefault();
    byId('query').focus();
  }
});
await show();
