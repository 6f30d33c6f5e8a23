// Checks what the browser suite needs before anything heavy starts; exits 1 and says what is missing.
import { accessSync, constants } from 'node:fs';
import { createRequire } from 'node:module';
import { chromium } from '@playwright/test';

const env = process.env;
const problems = [];

const major = Number(process.versions.node.split('.')[0]);
if (major < 20) problems.push(`Node ${process.versions.node} is too old: 20 or newer is needed`);

const mode = env.PLAYWRIGHT_MODE || 'development';
if (!['development', 'production'].includes(mode)) {
  problems.push(`PLAYWRIGHT_MODE is ${mode}: development or production`);
}

const port = Number(env.PLAYWRIGHT_PORT || 3000);
if (!Number.isInteger(port) || port < 1 || port > 65535) {
  problems.push(`PLAYWRIGHT_PORT is ${env.PLAYWRIGHT_PORT}: a number from 1 to 65535`);
}

const candidates = env.PLAYWRIGHT_CHROMIUM
  ? [env.PLAYWRIGHT_CHROMIUM]
  : ['/usr/bin/chromium', '/usr/bin/chromium-browser', chromium.executablePath()];
const browser = candidates.find((path) => {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
});
if (!browser) {
  problems.push(`no Chromium at ${candidates.join(', ')}: install one, or name it in PLAYWRIGHT_CHROMIUM`);
}

for (const problem of problems) console.error(`preflight: ${problem}`);
if (problems.length > 0) process.exit(1);
const { version } = createRequire(import.meta.url)('@playwright/test/package.json');
console.log(`preflight: Node ${process.versions.node}, Playwright ${version}, ${browser}, ${mode} on port ${port}`);
