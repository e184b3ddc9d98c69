/** The dots of the map: where each one is, where it is going, and drawing them. */

const FLIGHT_MS = 900;
/** Inside this circle lie the embedded ones; the others wait on the rim. */
const INNER = 0.86;
const RIM = 0.955;
const GOLDEN_ANGLE = Math.PI * (3 - Math.sqrt(5));

const ease = (t) => 1 - (1 - t) ** 3;

/** Hues by rank of the cuisine, neighbours in rank far apart; -1 is a restaurant without a cuisine. */
export const colourOf = (rank) =>
  rank < 0 ? 'hsl(210 12% 55%)' : `hsl(${(rank * 137.5 + 12) % 360} 65% 52%)`;

function rimPlace(id) {
  const angle = id * GOLDEN_ANGLE;
  const depth = RIM + 0.03 * Math.sin(id * 12.9898);
  return [depth * Math.cos(angle), depth * Math.sin(angle)];
}
/** The square of the projection becomes a disc, so that the rim is free. */
function innerPlace([x, y]) {
  return [INNER * x * Math.sqrt(1 - (y * y) / 2), INNER * y * Math.sqrt(1 - (x * x) / 2)];
}

export function createDots(points, rankOf) {
  const dots = new Map();
  const still = matchMedia('(prefers-reduced-motion: reduce)').matches;

  function add({ id, name, cuisineType, position }) {
    const place = position ? innerPlace(position) : rimPlace(id);
    dots.set(id, {
      id,
      name,
      cuisineType,
      lit: Boolean(position),
      from: place,
      to: place,
      startedAt: 0,
      rank: rankOf(cuisineType),
    });
  }
  for (const point of points) add(point);

  return {
    size: () => dots.size,
    litCount: () => [...dots.values()].filter(({ lit }) => lit).length,
    /** Lights a dot up and lets it fly; false when it is not on the map. */
    fly(id, position, now) {
      const dot = dots.get(id);
      if (!dot) return false;
      dot.from = this.placeOf(dot, now);
      dot.to = innerPlace(position);
      dot.startedAt = still ? 0 : now;
      dot.lit = true;
      return true;
    },
    placeOf({ from, to, startedAt }, now) {
      const t = ease(Math.min(1, (now - startedAt) / FLIGHT_MS));
      return [from[0] + (to[0] - from[0]) * t, from[1] + (to[1] - from[1]) * t];
    },
    isMoving: (now) =>
      [...dots.values()].some(({ startedAt }) => startedAt > 0 && now - startedAt < FLIGHT_MS),
    nearest(x, y, reach, now) {
      let best;
      let closest = reach;
      for (const dot of dots.values()) {
        const [dotX, dotY] = this.placeOf(dot, now);
        const distance = Math.hypot(dotX - x, dotY - y);
        if (distance < closest) [best, closest] = [dot, distance];
      }
      return best;
    },
    draw(context, { width, height, radius, unlit }, now) {
      context.clearRect(0, 0, width, height);
      for (const dot of dots.values()) {
        const [x, y] = this.placeOf(dot, now);
        const glow = dot.startedAt > 0 && now - dot.startedAt < FLIGHT_MS ? 2.2 : 1;
        context.globalAlpha = dot.lit ? 0.85 : 0.6;
        context.fillStyle = dot.lit ? colourOf(dot.rank) : unlit;
        context.beginPath();
        context.arc(
          (width / 2) * (1 + x),
          (height / 2) * (1 + y),
          radius * glow * (dot.lit ? 1 : 0.75),
          0,
          2 * Math.PI,
        );
        context.fill();
      }
      context.globalAlpha = 1;
    },
  };
}
