import { expect, test } from '@playwright/test';

test.beforeEach(async ({ page }) => {
  await page.goto('/');
  await expect(page.getByRole('status')).toHaveText('26 ships');
});

test('finds ships by a part of their name', async ({ page }) => {
  await page.getByRole('searchbox').fill('plim');
  await expect(page.getByRole('status')).toHaveText('1 ships');
  await expect(page.getByRole('link', { name: 'Samuel Plimsoll' })).toBeVisible();
});

test('finds ships by their port', async ({ page }) => {
  await page.getByRole('searchbox').fill('leith');
  await expect(page.getByRole('status')).toHaveText('6 ships');
  await expect(page.getByRole('cell', { name: 'Leith' })).toHaveCount(6);
});

test('says when nothing is found', async ({ page }) => {
  await page.getByRole('searchbox').fill('submarine');
  await expect(page.getByRole('status')).toHaveText('0 ships');
  await expect(page.getByText('Page 1 of 1')).toBeVisible();
});

test('goes to the search field with the slash key', async ({ page }) => {
  await page.keyboard.press('/');
  await expect(page.getByRole('searchbox')).toBeFocused();
  await page.keyboard.type('tern');
  await expect(page.getByRole('searchbox')).toHaveValue('tern');
});

test('starts again at the first page', async ({ page }) => {
  await page.getByRole('button', { name: 'Next' }).click();
  await expect(page.getByText('Page 2 of 4')).toBeVisible();
  await page.getByRole('searchbox').fill('hull');
  await expect(page.getByText('Page 1 of 1')).toBeVisible();
});
