import { expect, test } from '@playwright/test';

test('shows new tides as they come', async ({ page }) => {
  await page.goto('/tides');
  await expect(page.getByRole('listitem').nth(2)).toBeVisible();
  await page.getByRole('button', { name: 'Pause' }).click();
  await expect(page.getByRole('button', { name: 'Go on' })).toBeVisible();
});

test('draws as many hours as asked', async ({ page }) => {
  await page.goto('/chart');
  await expect(page.getByRole('status')).toHaveText('48 hours drawn');
  const before = await page.locator('canvas').evaluate((sea: HTMLCanvasElement) => sea.toDataURL());
  await page.getByRole('slider', { name: 'Hours' }).fill('240');
  await expect(page.getByRole('status')).toHaveText('240 hours drawn');
  expect(await page.locator('canvas').evaluate((sea: HTMLCanvasElement) => sea.toDataURL())).not.toBe(before);
});
