import { expect, test } from '@playwright/test';

test('keeps the night watch theme', async ({ page }) => {
  await page.goto('/');
  await page.getByRole('button', { name: 'Night watch' }).click();
  await page.goto('/tides');
  await expect(page.getByRole('button', { name: 'Night watch' })).toHaveAttribute('aria-pressed', 'true');
  await expect(page.locator('body')).toHaveCSS('background-color', 'rgb(20, 33, 61)');
});

test('says so when an address does not exist', async ({ page }) => {
  const answer = await page.goto('/nowhere');
  expect(answer?.status()).toBe(404);
  await expect(page.getByRole('heading')).toHaveText('No such address');
});
