import { accessSync, constants, existsSync, readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { defineConfig, devices } from '@playwright/test';

// The server under test is set by the environment:
//   PLAYWRIGHT_MODE          development (npm run dev) or production (npm start)
//   PLAYWRIGHT_HOST, _PORT   where it listens: 127.0.0.1 and 3000
//   BASE_URL                 the address the browser opens, when it is another one
//   PLAYWRIGHT_REUSE_SERVER  1: a server is running already, start none
const env = process.env;
const host = env.PLAYWRIGHT_HOST || '127.0.0.1';
const port = env.PLAYWRIGHT_PORT || '3000';
const baseURL = env.BASE_URL || `http://${host}:${port}`;
const script = env.PLAYWRIGHT_MODE === 'production' ? 'start' : 'dev';
const reuse = ['1', 'true', 'yes'].includes((env.PLAYWRIGHT_REUSE_SERVER ?? '').toLowerCase());

// PLAYWRIGHT_CHROMIUM names a browser; without it a Chromium of the system is used when there is one,
// and Playwright's own download otherwise.
const chromium = env.PLAYWRIGHT_CHROMIUM || ['/usr/bin/chromium', '/usr/bin/chromium-browser'].find(runnable);

function runnable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

// Playwright records video with an ffmpeg that it downloads itself. Where that download cannot be had,
// asking for video would fail every test, so a failure keeps its screenshot and its trace only.
function canRecordVideo(): boolean {
  const downloads = env.PLAYWRIGHT_BROWSERS_PATH || join(env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'ms-playwright');
  return existsSync(downloads) && readdirSync(downloads).some((name) => name.startsWith('ffmpeg-'));
}

export default defineConfig({
  testDir: './tests',
  timeout: 30_000,
  expect: { timeout: 5_000 },
  fullyParallel: true,
  forbidOnly: !!env.CI,
  reporter: [['list']],
  use: {
    baseURL,
    headless: true,
    screenshot: 'only-on-failure',
    video: canRecordVideo() ? 'retain-on-failure' : 'off',
    trace: 'retain-on-failure',
    launchOptions: {
      executablePath: chromium,
      // Chromium's sandbox refuses to run as root.
      args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
    },
  },
  projects: [{ name: 'chromium', use: { ...devices['Desktop Chrome'] } }],
  webServer: reuse
    ? undefined
    : {
        command: `npm run ${script} -- --hostname ${host} --port ${port}`,
        url: `${baseURL}/healthz`,
        timeout: 30_000,
      },
});
