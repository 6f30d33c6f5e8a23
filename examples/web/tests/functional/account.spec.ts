import { expect, test } from '@playwright/test';

test('signs the clerk in and out', async ({ page }) => {
  await page.goto('/login');
  await page.getByLabel('Name').fill('clerk');
  await page.getByLabel('Password').fill('loadline');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('link', { name: 'Sign out clerk' }).click();
  await expect(page.getByRole('link', { name: 'Sign in' })).toBeVisible();
});

test('refuses a wrong password', async ({ page }) => {
  await page.goto('/login');
  await page.getByLabel('Name').fill('clerk');
  await page.getByLabel('Password').fill('waterline');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page.getByRole('alert')).toHaveText('Unknown name or password');
});
