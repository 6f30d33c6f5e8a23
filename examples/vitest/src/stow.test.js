import { describe, expect, test } from 'vitest';
import { stow } from './stowage.js';

const goods = [{ name: 'tea', tonnes: 2 }, { name: 'coal', tonnes: 40 }, { name: 'wool', tonnes: 9 }];

describe('stow', () => {
  test('puts the heaviest below', () => {
    expect(stow(goods, 100).stowed.map((item) => item.name)).toEqual(['coal', 'wool', 'tea']);
  });

  test('leaves on the quay what does not fit', () => {
    const { left, load } = stow(goods, 45);
    expect(left.map((item) => item.name)).toEqual(['wool']);
    expect(load).toBe(42);
  });

  test.each([0, 1, 41, 42, 51, 1000])('never exceeds a hold of %i t', (hold) => {
    expect(stow(goods, hold).load).toBeLessThanOrEqual(hold);
  });

  test.skip('knows about tanks', () => {});
});
