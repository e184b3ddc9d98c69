/** The dots of the map: where each one is, where it is going, and drawing them. */

const FLIGHT_MS = 900;
/** Inside this circle lie the embedded ones; the others wait on the rim. */
const INNER = 0.86;
const RIM = 0.955;
const GOLDEN_ANGLE = Math.PI * (3 - Math.sqrt(5));
const FULL_TURN = 2 * Math.PI;

const ease = (t) => 1 - (1 - t) ** 3;

function rimPlace(id) {
  const angle = id * GOLDEN_ANGLE;
  const depth = RIM + 0.03 * Math.sin(id * 12.9898);
  return [depth * Math.cos(angle), depth * Math.sin(angle)];
}
/** The square of the projection becomes a disc, so that the rim is free. */
function innerPlace([x, y]) {
  return [INNER * x * Math.sqrt(1 - (y * y) / 2), INNER * y * Math.sqrt(1 - (x * x) / 2)];
}

function placeOf({ from, to, startedAt }, now) {
  const t = ease(Math.min(1, (now - startedAt) / FLIGHT_MS));
  return [from[0] + (to[0] - from[0]) * t, from[1] + (to[1] - from[1]) * t];
}
const isFlying = ({ startedAt }, now) => startedAt > 0 && now - startedAt < FLIGHT_MS;

export function createDots() {
  const dots = new Map();
  const still = matchMedia('(prefers-reduced-motion: reduce)').matches;
  /** The one rank that is picked out; undefined for all. */
  let only;
  const isShown = ({ rank }) => only === undefined || rank === only;

  function move(dot, position, now) {
    const to = position ? innerPlace(position) : rimPlace(dot.id);
    dot.lit = Boolean(position);
    if (dot.to && dot.to[0] === to[0] && dot.to[1] === to[1]) return;
    dot.from = dot.to ? placeOf(dot, now) : to;
    dot.startedAt = dot.to && !still ? now : 0;
    dot.to = to;
  }

  return {
    size: () => dots.size,
    has: (id) => dots.has(id),
    lit: () => [...dots.values()].filter(({ lit }) => lit),
    unlit: () => [...dots.values()].filter((dot) => !dot.lit && isShown(dot)),
    /** Takes over all points: those that are known fly to where they are now. */
    update(points, rankOf, now) {
      const ids = new Set(points.map(({ id }) => id));
      for (const id of dots.keys()) if (!ids.has(id)) dots.delete(id);
      for (const { id, name, cuisineType, position } of points) {
        const dot = dots.get(id) ?? { id };
        Object.assign(dot, { name, cuisineType, rank: rankOf(cuisineType) });
        move(dot, position, now);
        dots.set(id, dot);
      }
    },
    /** Lights a dot up and lets it fly. */
    fly: (id, position, now) => move(dots.get(id), position, now),
    pickOut(rank) {
      only = rank;
    },
    isMoving: (now) => [...dots.values()].some((dot) => isFlying(dot, now)),
    /** The dot nearest to a place on a canvas of this size, all in pixels, not farther away than `reach`. */
    nearest({ x, y, width, height, reach }, now) {
      let best;
      let closest = reach;
      for (const dot of dots.values()) {
        if (!isShown(dot)) continue;
        const [dotX, dotY] = placeOf(dot, now);
        const distance = Math.hypot((width / 2) * (1 + dotX) - x, (height / 2) * (1 + dotY) - y);
        if (distance < closest) [best, closest] = [dot, distance];
      }
      return best;
    },
    draw(context, { width, height, radius, palette }, now) {
      context.clearRect(0, 0, width, height);
      context.lineWidth = radius / 3;
      context.strokeStyle = palette.unlit;
      for (const dot of dots.values()) {
        const [x, y] = placeOf(dot, now);
        const size = radius * (dot.lit ? (isFlying(dot, now) ? 1.8 : 1) : 0.7);
        context.globalAlpha = isShown(dot) ? (dot.lit ? 0.85 : 0.6) : 0.08;
        context.beginPath();
        context.arc((width / 2) * (1 + x), (height / 2) * (1 + y), size, 0, FULL_TURN);
        if (dot.lit) {
          context.fillStyle = palette.colours[dot.rank];
          context.fill();
        } else context.stroke();
      }
      context.globalAlpha = 1;
    },
  };
}
