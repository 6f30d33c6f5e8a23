// check.mjs SITE CHROMIUM: open each page of the built site in a real browser. Every link within the site leads to a page and a
// heading that exist, the console stays silent, nothing is asked of other hosts, the search finds a page, the recording plays.
import { createReadStream, existsSync, readdirSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join } from 'node:path';
import { createRequire } from 'node:module';

// Playwright and axe-core are those of the other tests.
const require = createRequire(new URL('../src/test/node/package.json', import.meta.url));
const { chromium } = require('playwright-core');
const axe = require.resolve('axe-core/axe.min.js');

const [site, executablePath] = process.argv.slice(2);
const base = process.env.DOCS_BASE ?? '/';
const types = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml', '.json': 'application/json', '.woff2': 'font/woff2' };
const server = createServer((request, response) => {
  const asked = decodeURIComponent(new URL(request.url, 'http://site').pathname).replace(base, '/');
  const path = join(site, asked.endsWith('/') ? `${asked}index.html` : asked);
  if (!existsSync(path) || !statSync(path).isFile()) return response.writeHead(404).end();
  response.writeHead(200, { 'content-type': types[extname(path)] ?? 'application/octet-stream' });
  createReadStream(path).pipe(response);
}).listen(0, '127.0.0.1');
await new Promise((listening) => server.once('listening', listening));
const home = `http://127.0.0.1:${server.address().port}${base.replace(/\/$/, '')}`;

const faults = [];
const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
const context = await browser.newContext();
const page = await context.newPage();
let opened = '';
page.on('console', (message) => message.type() !== 'log' && faults.push(`${opened}: console: ${message.text()}`));
page.on('pageerror', (error) => faults.push(`${opened}: ${error.message}`));
page.on('response', (response) => response.status() >= 400 && faults.push(`${opened}: ${response.status()} ${response.url()}`));
page.on('request', (request) => !request.url().startsWith(home) && !request.url().startsWith('data:') && faults.push(`${opened}: asks ${request.url()}`));

const pages = readdirSync(site, { recursive: true })
  .filter((path) => path.endsWith('.html') && path !== '404.html')
  .sort();
const anchors = new Map();
const links = [];
for (const path of pages) {
  opened = path;
  await page.goto(`${home}/${path}`, { waitUntil: 'networkidle' });
  const found = await page.evaluate(() => ({
    ids: [...document.querySelectorAll('[id]')].map((element) => element.id),
    links: [...document.querySelectorAll('a[href]')].map((link) => link.href),
    broken: [...document.images].filter((image) => image.complete && !image.naturalWidth).map((image) => image.src),
  }));
  anchors.set(`${base}${path}`, new Set(found.ids));
  links.push(...found.links.map((link) => [path, new URL(link)]));
  found.broken.forEach((image) => faults.push(`${path}: no picture ${image}`));
}
let inside = 0;
for (const [path, link] of links.filter(([, link]) => link.href.startsWith(home))) {
  inside++;
  const target = decodeURIComponent(link.pathname).replace(/\/$/, '/index.html');
  const ids = anchors.get(target);
  if (!ids && !existsSync(join(site, target.replace(base, '/')))) faults.push(`${path}: no page ${target}`);
  else if (ids && link.hash && !ids.has(decodeURIComponent(link.hash.slice(1)))) faults.push(`${path}: no heading ${target}${link.hash}`);
}

// A person searches.
opened = 'search';
await page.goto(`${home}/`, { waitUntil: 'networkidle' });
await page.keyboard.press('Control+k');
await page.locator('#localsearch-input').fill('interfering tests');
await page.locator('.result').first().click();
await page.waitForURL(/diagnose|glossary/);
const heading = await page.locator('h1').innerText().then((text) => text.split('\n')[0]);

opened = 'recording';
await page.goto(`${home}/docs/pictures.html`, { waitUntil: 'networkidle' });
await page.locator('.ap-player .ap-overlay-start').click();
await page.locator('.ap-player').getByText('PASSED:').waitFor({ timeout: 60_000 });

for (const colorScheme of ['light', 'dark']) {
  await page.emulateMedia({ colorScheme });
  for (const path of ['index.html', 'docs/configuration.html', 'docs/pictures.html']) {
    opened = `${path} (${colorScheme})`;
    await page.goto(`${home}/${path}`, { waitUntil: 'networkidle' });
    await page.addScriptTag({ path: axe });
    const { violations } = await page.evaluate(() => axe.run({ runOnly: ['wcag2a', 'wcag2aa'] }));
    violations.forEach(({ id, nodes }) => faults.push(`${opened}: ${id}: ${nodes.slice(0, 3).map((node) => node.target).join(' | ')} (${nodes.length})`));
  }
}
await browser.close();
server.close();
faults.forEach((fault) => console.error(`docs: ${fault}`));
console.log(`docs: ${pages.length} pages, ${inside} links within the site, the search led to "${heading}", ${faults.length} faults`);
process.exit(faults.length ? 1 : 0);
