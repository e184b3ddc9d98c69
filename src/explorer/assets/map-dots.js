/** The dots of the map: their positions, animations and search by position. World coordinates: −1…1. */

const FLIGHT_MS = 900;

const ease = (t) => 1 - (1 - t) ** 3;
const still = matchMedia('(prefers-reduced-motion: reduce)').matches;

export const isFlying = ({ startedAt }, now) => startedAt > 0 && now - startedAt < FLIGHT_MS;

export function placeOf(dot, now) {
  if (!isFlying(dot, now)) return dot.to;
  const t = ease((now - dot.startedAt) / FLIGHT_MS);
  return [dot.from[0] + (dot.to[0] - dot.from[0]) * t, dot.from[1] + (dot.to[1] - dot.from[1]) * t];
}

function move(dot, position, now) {
  dot.lit = position !== undefined;
  if (!position || (dot.to && dot.to[0] === position[0] && dot.to[1] === position[1])) return;
  // A new dot starts in the middle of the map.
  dot.from = dot.to ? placeOf(dot, now) : [0, 0];
  dot.startedAt = still || dot.isNew ? 0 : now;
  dot.to = position;
}

export function createDots() {
  const dots = new Map();
  /** The one family that is highlighted; undefined for all. */
  let only;

  return {
    has: (id) => dots.has(id),
    size: () => dots.size,
    lit: () => [...dots.values()].filter(({ lit }) => lit),
    unlit: () => [...dots.values()].filter(({ lit }) => !lit),
    isShown: ({ family }) => only === undefined || family === only,
    highlight(family) {
      only = family;
    },
    /** Replaces all points; known ones move to their new positions. */
    update(points, now) {
      const isFirst = dots.size === 0;
      const ids = new Set(points.map(([id]) => id));
      for (const id of dots.keys()) if (!ids.has(id)) dots.delete(id);
      for (const [id, name, cuisine, family, x, y] of points) {
        const dot = dots.get(id) ?? { id, isNew: isFirst };
        Object.assign(dot, { name, cuisine, family });
        move(dot, x === undefined ? undefined : [x, y], now);
        dot.isNew = false;
        dots.set(id, dot);
      }
    },
    fly: (id, position, now) => move(dots.get(id), position, now),
    isMoving: (now) => [...dots.values()].some((dot) => isFlying(dot, now)),
    /** The dot nearest to a place on the screen, not farther away than `reach`, all in pixels. */
    nearest({ x, y, reach, camera }, now) {
      let best;
      let closest = reach;
      for (const dot of dots.values()) {
        if (!dot.lit || !this.isShown(dot)) continue;
        const [dotX, dotY] = camera.toScreen(placeOf(dot, now));
        const distance = Math.hypot(dotX - x, dotY - y);
        if (distance < closest) [best, closest] = [dot, distance];
      }
      return best;
    },
  };
}
