import { readFile } from 'node:fs/promises';
import { expect, test } from '@playwright/test';

const csv = (text: string) => ({ name: 'manifest.csv', mimeType: 'text/csv', buffer: Buffer.from(text) });

test('imports a manifest', async ({ page }) => {
  await page.goto('/ships/2');
  await expect(page.getByRole('heading')).toHaveText('Brunel');
  await page.getByLabel('Manifest').setInputFiles(csv('goods,tonnes\nRope,3\nTimber,20\n'));
  await expect(page.getByRole('status')).toHaveText('2 on board, 0 refused');
  await expect(page.getByRole('listitem')).toHaveText([/Rope/, /Timber/]);
});

test('says how much of a manifest was refused', async ({ page }) => {
  await page.goto('/ships/2');
  await expect(page.getByRole('heading')).toHaveText('Brunel');
  await page.getByLabel('Manifest').setInputFiles(csv('Rope,3\nLead,9000\nAir,none\n'));
  await expect(page.getByRole('status')).toHaveText('1 on board, 2 refused');
});

test('exports what is on board', async ({ page }) => {
  await page.goto('/ships/3');
  await expect(page.getByRole('heading')).toHaveText('Calypso');
  await page.getByLabel('Manifest').setInputFiles(csv('Tin,5\n'));
  await expect(page.getByRole('listitem')).toHaveCount(1);
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('link', { name: 'Export' }).click(),
  ]);
  expect(await readFile(await download.path(), 'utf8')).toBe('goods,tonnes\nTin,5\n');
});
