import { expect, test } from '@playwright/test';

// Runs alone, with one worker, before the functional specs: its figures mean nothing under load.
// On a machine that is shared with other work, LATENCY_FACTOR=10 allows ten times as long.
const SAMPLES = 15;
const FACTOR = Number(process.env.LATENCY_FACTOR || 1);

function median(values: number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
}

test('the health check answers at once', async ({ request }) => {
  const times: number[] = [];
  for (let i = 0; i < SAMPLES; i++) {
    const start = performance.now();
    expect((await request.get('/healthz')).ok()).toBe(true);
    times.push(performance.now() - start);
  }
  test.info().annotations.push({ type: 'median ms', description: median(times).toFixed(1) });
  expect(median(times)).toBeLessThan(50 * FACTOR);
});

test('the fleet is soon on the screen', async ({ page }) => {
  const times: number[] = [];
  for (let i = 0; i < 5; i++) {
    const start = performance.now();
    await page.goto('/');
    await expect(page.getByRole('row')).toHaveCount(9);
    times.push(performance.now() - start);
  }
  test.info().annotations.push({ type: 'median ms', description: median(times).toFixed(1) });
  expect(median(times)).toBeLessThan(1500 * FACTOR);
});
