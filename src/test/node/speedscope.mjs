// speedscope.mjs TRACE CHROMIUM: open a trace in speedscope, a viewer of traces, in a real browser, and print what it shows:
// the name of each track and what the page complained about, as JSON.
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';

const [trace, executablePath] = process.argv.slice(2);
const viewer = join(dirname(createRequire(import.meta.url).resolve('speedscope/package.json')), 'dist/release/index.html');
const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
const page = await browser.newPage();
const complaints = [];
page.on('pageerror', (error) => complaints.push(error.message));
page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
page.on('dialog', (dialog) => {
  complaints.push(dialog.message());
  dialog.dismiss();
});
await page.goto(pathToFileURL(viewer).href);
await page.setInputFiles('input[type=file]', trace);
const tracks = [];
for (let number = 1, count = 1; number <= count; number++) {
  await page.getByText(new RegExp(`\\(${number}/\\d+\\)`)).first().waitFor();
  const [, name, of] = /^(.+) \(\d+\/(\d+)\)$/m.exec(await page.locator('body').innerText());
  tracks.push(name);
  count = Number(of);
  await page.keyboard.press('n');
}
await browser.close();
console.log(JSON.stringify({ tracks, complaints }));
