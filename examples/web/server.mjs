// A plain HTTP server for the cargo desk: `node server.mjs --hostname 127.0.0.1 --port 3000`.
import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { CargoDesk, findShip, manifestCsv, parseManifest, searchShips } from './fleet.mjs';

const { values: options } = parseArgs({
  options: {
    hostname: { type: 'string', default: '127.0.0.1' },
    port: { type: 'string', default: '3000' },
    mode: { type: 'string', default: 'development' },
  },
});

const PUBLIC = new URL('./public/', import.meta.url);
const TYPES = { '.html': 'text/html', '.css': 'text/css', '.js': 'text/javascript' };
const PAGES = { '/': 'index.html', '/login': 'login.html', '/tides': 'tides.html', '/chart': 'chart.html' };
const CLERK = { user: 'clerk', password: 'loadline' };

// One desk per visitor, so that tests that run at the same time do not see each other's cargo.
const desks = new Map();
const clerks = new Map();

function visitor(request, response) {
  const known = /(?:^|; )desk=([\w-]+)/.exec(request.headers.cookie ?? '')?.[1];
  const id = known ?? randomUUID();
  if (!known) response.setHeader('set-cookie', `desk=${id}; Path=/; HttpOnly; SameSite=Lax`);
  if (!desks.has(id)) desks.set(id, new CargoDesk());
  return { id, desk: desks.get(id) };
}

async function body(request) {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}

async function json(request) {
  try {
    return JSON.parse(await body(request));
  } catch {
    return {};
  }
}

function send(response, status, value) {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
}

async function page(response, file, status = 200) {
  const content = await readFile(new URL(file, PUBLIC));
  response.writeHead(status, { 'content-type': `${TYPES[extname(file)]}; charset=utf-8` }).end(content);
}

function tides(request, response) {
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
  let hour = 0;
  const timer = setInterval(() => {
    hour += 1;
    const metres = (4 + 3 * Math.sin((hour * Math.PI) / 6)).toFixed(1);
    response.write(`data: ${JSON.stringify({ hour, metres })}\n\n`);
  }, 100);
  request.on('close', () => clearInterval(timer));
}

async function cargo(request, response, ship, rest) {
  const { desk } = visitor(request, response);
  const state = () => ({ ship, items: desk.of(ship.id), load: desk.load(ship.id) });
  if (request.method === 'GET' && rest === '.csv') {
    response.setHeader('content-disposition', `attachment; filename="${ship.name}.csv"`);
    response.writeHead(200, { 'content-type': 'text/csv' }).end(manifestCsv(desk.of(ship.id)));
  } else if (request.method === 'GET') {
    send(response, 200, state());
  } else if (request.method === 'POST' && rest === '/manifest') {
    const results = parseManifest(await body(request)).map((item) => desk.add(ship, item));
    send(response, 200, { ...state(), refused: results.filter((result) => result.error).length });
  } else if (request.method === 'POST') {
    const result = desk.add(ship, await json(request));
    send(response, result.error ? 422 : 201, { ...state(), ...result });
  } else if (request.method === 'DELETE') {
    send(response, desk.remove(ship.id, rest.slice(1)) ? 200 : 404, state());
  } else {
    send(response, 405, { error: 'Method not allowed' });
  }
}

async function login(request, response) {
  const { id } = visitor(request, response);
  const given = await json(request);
  if (given.user !== CLERK.user || given.password !== CLERK.password) {
    return send(response, 401, { error: 'Unknown name or password' });
  }
  clerks.set(id, given.user);
  return send(response, 200, { user: given.user });
}

async function api(request, response, url) {
  const shipPath = /^\/api\/ships\/(\d+)\/cargo(.*)$/.exec(url.pathname);
  if (shipPath) {
    const ship = findShip(shipPath[1]);
    return ship ? cargo(request, response, ship, shipPath[2]) : send(response, 404, { error: 'No such ship' });
  }
  const { id } = visitor(request, response);
  switch (`${request.method} ${url.pathname}`) {
    case 'GET /api/ships':
      return send(response, 200, searchShips({
        query: url.searchParams.get('query') ?? '',
        sort: url.searchParams.get('sort') ?? 'name',
        page: Number(url.searchParams.get('page') ?? 1),
      }));
    case 'GET /api/tides':
      return tides(request, response);
    case 'GET /api/me':
      return send(response, 200, { user: clerks.get(id) ?? null });
    case 'POST /api/login':
      return login(request, response);
    case 'POST /api/logout':
      clerks.delete(id);
      return send(response, 200, { user: null });
    default:
      return send(response, 404, { error: 'No such address' });
  }
}

async function handle(request, response) {
  const url = new URL(request.url, 'http://desk');
  if (url.pathname === '/healthz') return send(response, 200, { status: 'ok', mode: options.mode });
  if (url.pathname.startsWith('/api/')) return api(request, response, url);
  visitor(request, response);
  if (PAGES[url.pathname]) return page(response, PAGES[url.pathname]);
  if (/^\/ships\/\d+$/.test(url.pathname)) {
    return page(response, 'ship.html', findShip(url.pathname.split('/')[2]) ? 200 : 404);
  }
  if (/^\/[\w-]+\.(css|js)$/.test(url.pathname)) {
    return page(response, url.pathname.slice(1)).catch(() => page(response, 'missing.html', 404));
  }
  return page(response, 'missing.html', 404);
}

const server = createServer((request, response) => {
  handle(request, response).catch((error) => {
    console.error(`${request.method} ${request.url}: ${error.stack}`);
    if (!response.headersSent) send(response, 500, { error: 'The desk made a mistake' });
  });
});

server.on('error', (error) => {
  console.error(`cannot listen on ${options.hostname}:${options.port}: ${error.message}`);
  process.exit(1);
});

server.listen(Number(options.port), options.hostname, () => {
  const { address, port } = server.address();
  console.log(`cargo desk (${options.mode}) on http://${address}:${port} from ${fileURLToPath(PUBLIC)}`);
});

for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(0));
