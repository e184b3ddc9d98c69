/** Draws the map: density while many dots overlap, otherwise dots; names of clusters and dots. */
import { isFlying, placeOf } from './map-dots.js';

/** More dots than this overlap at first: their density is drawn instead. */
const DENSE_FROM = 2_000;
/** Zoom from which dots are drawn. */
const DOTS_FROM = 2;
const DENSITY_UNTIL = 5;
const CELL_PX = 10;
const NAMES_FROM = 3;
const MAX_NAMES = 40;
const FULL_TURN = 2 * Math.PI;
const FONT = '600 14px system-ui, sans-serif';
const NAME_FONT = '12px system-ui, sans-serif';

const clamp = (value) => Math.min(1, Math.max(0, value));

export function readPalette(families) {
  const style = getComputedStyle(document.documentElement);
  const colour = (name) => style.getPropertyValue(name).trim();
  return {
    families: families.map(({ key }) => colour(`--${key}`)),
    ink: colour('--ink'),
    ground: colour('--panel'),
    accent: colour('--accent'),
  };
}

/** A cell takes the colour of the family that most of its dots have; the browser smooths one pixel a cell. */
function drawDensity(context, { seen, width, height, palette, alpha }) {
  const columns = Math.ceil(width / CELL_PX);
  const cells = new Map();
  let most = 1;
  for (const { x, y, dot } of seen) {
    const key = Math.floor(y / CELL_PX) * columns + Math.floor(x / CELL_PX);
    const cell = cells.get(key) ?? { count: 0, families: new Map() };
    cell.count += 1;
    cell.families.set(dot.family, (cell.families.get(dot.family) ?? 0) + 1);
    most = Math.max(most, cell.count);
    cells.set(key, cell);
  }
  const small = new OffscreenCanvas(columns, Math.ceil(height / CELL_PX));
  const pixels = small.getContext('2d');
  for (const [key, { count, families }] of cells) {
    const [[family]] = [...families].sort((a, b) => b[1] - a[1]);
    pixels.globalAlpha = 0.15 + 0.75 * Math.sqrt(count / most);
    pixels.fillStyle = palette.families[family];
    pixels.fillRect(key % columns, Math.floor(key / columns), 1, 1);
  }
  context.globalAlpha = alpha;
  context.imageSmoothingEnabled = true;
  context.drawImage(small, 0, 0, columns * CELL_PX, small.height * CELL_PX);
}

function createLabels(context, palette, { width, height }) {
  // No names under the buttons.
  const taken = [{ left: width - 64, right: width, top: height - 160, bottom: height }];
  return (text, x, y, font) => {
    context.font = font;
    const half = context.measureText(text).width / 2 + 4;
    const at = Math.min(width - half, Math.max(half, x));
    const own = { left: at - half, right: at + half, top: y - 10, bottom: y + 10 };
    if (own.top < 0 || own.bottom > height) return;
    const isFree = taken.every(
      ({ left, right, top, bottom }) =>
        own.right < left || own.left > right || own.bottom < top || own.top > bottom,
    );
    if (!isFree) return;
    taken.push(own);
    context.globalAlpha = 1;
    context.strokeStyle = palette.ground;
    context.lineWidth = 4;
    context.strokeText(text, at, y);
    context.fillStyle = palette.ink;
    context.fillText(text, at, y);
  };
}

const LABEL_GRID = 6;
const LEAST_CLUSTER = 3;

function groupBy(items, keyOf) {
  const groups = new Map();
  for (const item of items) {
    const key = keyOf(item);
    if (!groups.has(key)) groups.set(key, []);
    groups.get(key).push(item);
  }
  return groups;
}

/** The centre of the densest part of each family, the largest family first. */
export function clustersOf(lit) {
  const families = groupBy(lit, ({ family }) => family);
  return [...families]
    .filter(([, dots]) => dots.length >= LEAST_CLUSTER)
    .map(([family, dots]) => {
      const cells = groupBy(dots, ({ to: [x, y] }) =>
        [Math.floor(x * LABEL_GRID), Math.floor(y * LABEL_GRID)].join(),
      );
      const [densest] = [...cells.values()].sort((a, b) => b.length - a.length);
      const mean = (axis) => densest.reduce((sum, { to }) => sum + to[axis], 0) / densest.length;
      return { family, count: dots.length, place: [mean(0), mean(1)] };
    })
    .sort((a, b) => b.count - a.count);
}

export function drawMap(
  context,
  { dots, camera, families, clusters, palette, width, height, crosshair, now },
) {
  context.clearRect(0, 0, width, height);
  context.textAlign = 'center';
  context.textBaseline = 'middle';
  context.lineJoin = 'round';
  const lit = dots.lit();
  const zoom = camera.zoom();
  const isDense = lit.length > DENSE_FROM;
  const seen = lit
    .map((dot) => ({ dot, at: camera.toScreen(placeOf(dot, now)) }))
    .map(({ dot, at: [x, y] }) => ({ dot, x, y }))
    .filter(({ x, y }) => x > -20 && y > -20 && x < width + 20 && y < height + 20);
  const dotShare = isDense ? clamp((zoom - 1) / DOTS_FROM) : 1;
  if (isDense && zoom < DENSITY_UNTIL) {
    const shown = seen.filter(
      ({ dot, x, y }) => dots.isShown(dot) && x >= 0 && y >= 0 && x < width && y < height,
    );
    drawDensity(context, { seen: shown, width, height, palette, alpha: clamp((DENSITY_UNTIL - zoom) / 3) });
  }
  const radius = (isDense ? 1.5 : lit.length > 400 ? 3.5 : 5.5) * Math.min(3, Math.sqrt(zoom));
  for (const { dot, x, y } of seen) {
    context.globalAlpha = (dots.isShown(dot) ? 0.9 : 0.1) * (0.25 + 0.75 * dotShare);
    context.fillStyle = palette.families[dot.family];
    context.beginPath();
    context.arc(x, y, radius * (isFlying(dot, now) ? 1.8 : 1), 0, FULL_TURN);
    context.fill();
  }
  const label = createLabels(context, palette, { width, height });
  for (const { family, place } of clusters) {
    const [x, y] = camera.toScreen(place);
    if (dots.isShown({ family })) label(families[family].name, x, y - 16, FONT);
  }
  const named = seen.filter(({ dot }) => dots.isShown(dot));
  if (zoom >= NAMES_FROM && named.length <= MAX_NAMES)
    for (const { dot, x, y } of named) label(dot.name, x, y + radius + 10, NAME_FONT);
  if (crosshair) drawCrosshair(context, palette, ...camera.middle());
}

function drawCrosshair(context, { accent }, x, y) {
  context.globalAlpha = 1;
  context.strokeStyle = accent;
  context.lineWidth = 2;
  context.beginPath();
  context.arc(x, y, 14, 0, FULL_TURN);
  context.stroke();
}
