import { expect, test, type Page } from '@playwright/test';

test.beforeEach(async ({ page }) => {
  await page.goto('/ships/1');
  await expect(page.getByRole('heading')).toHaveText('Adelaide');
});

async function load(page: Page, goods: string, tonnes: string) {
  await page.getByLabel('Goods').fill(goods);
  await page.getByLabel('Tonnes').fill(tonnes);
  await page.getByRole('button', { name: 'Load', exact: true }).click();
}

test('takes cargo on board', async ({ page }) => {
  await load(page, 'Coal', '40');
  await expect(page.getByRole('listitem')).toHaveText(/Coal, 40 t/);
  await expect(page.getByText('40 of 120 t')).toBeVisible();
});

test('adds up what is on board', async ({ page }) => {
  await load(page, 'Coal', '40');
  await expect(page.getByRole('listitem')).toHaveCount(1);
  await load(page, 'Tea', '12.5');
  await expect(page.getByText('52.5 of 120 t')).toBeVisible();
  await expect(page.locator('meter')).toHaveJSProperty('value', 52.5);
});

test('refuses cargo beyond the load line', async ({ page }) => {
  await load(page, 'Granite', '121');
  await expect(page.getByRole('alert')).toHaveText('Adelaide would lie below her load line');
  await expect(page.getByRole('listitem')).toHaveCount(0);
});

test('loads exactly to the line', async ({ page }) => {
  await load(page, 'Granite', '120');
  await expect(page.getByText('120 of 120 t')).toBeVisible();
});

for (const [goods, tonnes, message] of [
  ['', '5', 'Name the goods'],
  ['Wool', '-1', 'Tonnes must be a positive number'],
  ['Wool', 'much', 'Tonnes must be a positive number'],
]) {
  test(`refuses ${goods || 'unnamed goods'} of ${tonnes} t`, async ({ page }) => {
    await load(page, goods, tonnes);
    await expect(page.getByRole('alert')).toHaveText(message);
  });
}

test('unloads one item', async ({ page }) => {
  await load(page, 'Coal', '40');
  await expect(page.getByRole('listitem')).toHaveCount(1);
  await load(page, 'Tea', '2');
  await page.getByRole('button', { name: 'Unload Coal' }).click();
  await expect(page.getByRole('listitem')).toHaveText([/Tea/]);
});

test('keeps the cargo over a reload', async ({ page }) => {
  await load(page, 'Salt', '7');
  await expect(page.getByRole('listitem')).toHaveCount(1);
  await page.reload();
  await expect(page.getByRole('listitem')).toHaveText([/Salt, 7 t/]);
});

test('asks before it unloads everything', async ({ page }) => {
  await load(page, 'Salt', '7');
  await page.getByRole('button', { name: 'Unload all' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Keep' }).click();
  await expect(page.getByRole('listitem')).toHaveCount(1);
  await page.getByRole('button', { name: 'Unload all' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Unload' }).click();
  await expect(page.getByRole('listitem')).toHaveCount(0);
});
