// The data of the cargo desk: a fixed fleet, and one cargo list per visitor.

const NAMES = [
  'Adelaide', 'Brunel', 'Calypso', 'Dunmore', 'Endeavour', 'Fulmar', 'Gannet', 'Halcyon', 'Iona',
  'Juniper', 'Kestrel', 'Lapwing', 'Merganser', 'Northumbria', 'Osprey', 'Petrel', 'Quest', 'Razorbill',
  'Samuel Plimsoll', 'Tern', 'Undine', 'Venture', 'Whimbrel', 'Xanthe', 'Yarrow', 'Zephyr',
];
const PORTS = ['Bristol', 'Cardiff', 'Hull', 'Leith'];

export const PAGE_SIZE = 8;

export const ships = NAMES.map((name, index) => ({
  id: index + 1,
  name,
  port: PORTS[index % PORTS.length],
  // Tonnes that bring the water to the load line.
  limit: 120 + ((index * 37) % 11) * 40,
}));

export function findShip(id) {
  return ships.find((ship) => ship.id === Number(id));
}

/** One page of the fleet: `query` matches names and ports, `sort` is `name` or `limit`. */
export function searchShips({ query = '', sort = 'name', page = 1 }) {
  const wanted = query.trim().toLowerCase();
  const found = ships
    .filter((ship) => `${ship.name} ${ship.port}`.toLowerCase().includes(wanted))
    .sort((a, b) => (sort === 'limit' ? b.limit - a.limit : a.name.localeCompare(b.name)));
  const pages = Math.max(1, Math.ceil(found.length / PAGE_SIZE));
  const shown = Math.min(Math.max(1, page), pages);
  return {
    total: found.length,
    page: shown,
    pages,
    ships: found.slice((shown - 1) * PAGE_SIZE, shown * PAGE_SIZE),
  };
}

/** The cargo that one visitor has put on ships; refuses what would press a ship under its load line. */
export class CargoDesk {
  #cargo = new Map();
  #nextId = 1;

  of(shipId) {
    return this.#cargo.get(Number(shipId)) ?? [];
  }

  load(shipId) {
    return this.of(shipId).reduce((sum, item) => sum + item.tonnes, 0);
  }

  add(ship, { goods, tonnes }) {
    const name = String(goods ?? '').trim();
    const weight = Number(tonnes);
    if (name === '') return { error: 'Name the goods' };
    if (!Number.isFinite(weight) || weight <= 0) return { error: 'Tonnes must be a positive number' };
    if (this.load(ship.id) + weight > ship.limit) {
      return { error: `${ship.name} would lie below her load line` };
    }
    const item = { id: this.#nextId++, goods: name, tonnes: weight };
    this.#cargo.set(ship.id, [...this.of(ship.id), item]);
    return { item };
  }

  remove(shipId, itemId) {
    const kept = this.of(shipId).filter((item) => item.id !== Number(itemId));
    const removed = kept.length < this.of(shipId).length;
    this.#cargo.set(Number(shipId), kept);
    return removed;
  }
}

/** Reads `goods,tonnes` lines; the first line may be a heading. */
export function parseManifest(text) {
  return text
    .split(/\r?\n/)
    .map((line) => line.split(',').map((cell) => cell.trim()))
    .filter(([goods, tonnes]) => goods && goods !== 'goods' && tonnes !== undefined)
    .map(([goods, tonnes]) => ({ goods, tonnes: Number(tonnes) }));
}

export function manifestCsv(items) {
  return ['goods,tonnes', ...items.map((item) => `${item.goods},${item.tonnes}`)].join('\n') + '\n';
}
