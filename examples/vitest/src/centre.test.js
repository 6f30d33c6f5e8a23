import { expect, test } from 'vitest';
import { centre, stow } from './stowage.js';

test('an empty hold has no height', () => {
  expect(centre([])).toBe(0);
});

test('heavy goods below keep the ship stiff', () => {
  const goods = [{ tonnes: 1 }, { tonnes: 30 }, { tonnes: 7 }];
  expect(centre(stow(goods, 100).stowed)).toBeLessThan(centre(goods));
});
