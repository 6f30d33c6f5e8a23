import { expect, test } from '@playwright/test';

test.beforeEach(async ({ page }) => {
  await page.goto('/');
  await expect(page.getByRole('status')).toHaveText('26 ships');
});

test('shows the first eight ships by name', async ({ page }) => {
  await expect(page.getByRole('row')).toHaveCount(9);
  await expect(page.getByRole('row').nth(1)).toContainText('Adelaide');
  await expect(page.getByRole('row').nth(8)).toContainText('Halcyon');
});

test('turns to the next page and back', async ({ page }) => {
  await page.getByRole('button', { name: 'Next' }).click();
  await expect(page.getByText('Page 2 of 4')).toBeVisible();
  await expect(page.getByRole('row').nth(1)).toContainText('Iona');
  await page.getByRole('button', { name: 'Previous' }).click();
  await expect(page.getByRole('row').nth(1)).toContainText('Adelaide');
});

test('has no page before the first', async ({ page }) => {
  await expect(page.getByRole('button', { name: 'Previous' })).toBeDisabled();
});

test('has no page after the last', async ({ page }) => {
  for (let turn = 2; turn <= 4; turn++) {
    await page.getByRole('button', { name: 'Next' }).click();
    await expect(page.getByText(`Page ${turn} of 4`)).toBeVisible();
  }
  await expect(page.getByRole('button', { name: 'Next' })).toBeDisabled();
  await expect(page.getByRole('row')).toHaveCount(3);
});

test('puts the highest load line first when asked', async ({ page }) => {
  await page.getByLabel('Sort by').selectOption('load line');
  await expect(page.getByRole('row').nth(1)).toContainText('520 t');
});
