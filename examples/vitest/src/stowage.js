// How goods are stowed: heavy ones below, and never more than a hold takes.

export function stow(goods, hold) {
  const sorted = [...goods].sort((a, b) => b.tonnes - a.tonnes);
  const left = [];
  let load = 0;
  const stowed = sorted.filter((item) => {
    if (load + item.tonnes > hold) {
      left.push(item);
      return false;
    }
    load += item.tonnes;
    return true;
  });
  return { stowed, left, load };
}

/** Height of the centre of gravity when goods lie on each other in this order, the first below. */
export function centre(goods, height = 1) {
  const total = goods.reduce((sum, item) => sum + item.tonnes, 0);
  const moment = goods.reduce((sum, item, level) => sum + item.tonnes * (level + 0.5) * height, 0);
  return total === 0 ? 0 : moment / total;
}
