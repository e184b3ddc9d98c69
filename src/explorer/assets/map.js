/** The map: loads the points, follows what is indexed, shows names, cards and the legend. */
import { ask, rejectionOf } from './ask.js';
import { listen } from './events.js';
import { createCamera, steer } from './map-camera.js';
import { createDots } from './map-dots.js';
import { clustersOf, drawMap, readPalette } from './map-draw.js';
import { drawLegend } from './map-legend.js';
import { addLightButton } from './map-light.js';
import './page.js';
import { showParts, tellTrouble } from './parts.js';
import './taste.js';

const canvas = document.querySelector('#map');
const context = canvas.getContext('2d');
const label = document.querySelector('#map-label');
const legend = document.querySelector('#legend');
/** A finger is less precise than a mouse; Enter selects the nearest dot at any distance. */
const REACH_PX = { touch: 26, mouse: 14, pen: 14, keyboard: Infinity };
const BETWEEN_LOADS_MS = 1_000;
/** Delay after the last event, when the service fits the axes to all vectors. */
const SETTLED_MS = 4_000;
const dots = createDots();
const camera = createCamera(canvas);
let map = { fit: 0, total: 0, points: [], families: [] };
let palette;
let clusters = [];
let drawing = false;
let isTouched = false;

function draw() {
  const now = performance.now();
  const ratio = devicePixelRatio;
  const [width, height] = [canvas.clientWidth, canvas.clientHeight];
  if (canvas.width !== Math.round(width * ratio) || canvas.height !== Math.round(height * ratio))
    [canvas.width, canvas.height] = [Math.round(width * ratio), Math.round(height * ratio)];
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  const crosshair = document.activeElement === canvas && canvas.matches(':focus-visible');
  drawMap(context, {
    dots,
    camera,
    families: map.families,
    clusters,
    palette,
    width,
    height,
    crosshair,
    now,
  });
  canvas.dataset.zoom = camera.zoom().toFixed(2);
  drawing = dots.isMoving(now);
  canvas.toggleAttribute('data-moving', drawing);
  if (drawing) requestAnimationFrame(draw);
}
const redraw = () => {
  if (!drawing && palette) {
    drawing = true;
    requestAnimationFrame(draw);
  }
};
const fit = () => camera.fit(dots.lit().map(({ to }) => to));

function update() {
  const lit = dots.lit();
  canvas.dataset.lit = String(lit.length);
  canvas.dataset.places = String(new Set(lit.map(({ to }) => to.map((at) => at.toFixed(2)).join())).size);
  document.querySelector('#unlit').textContent = (map.total - lit.length).toLocaleString(
    document.documentElement.lang,
  );
  document.querySelector('.tray').hidden = lit.length === map.total;
  document.querySelector('#map-empty').hidden = lit.length > 0;
  clusters = clustersOf(lit);
  drawLegend(legend, map.families, lit);
  // Until the reader moves the map, it shows everything.
  if (!isTouched) fit();
  redraw();
}

async function loadOnce() {
  const response = await ask('/explore/map/data', { onWait: tellTrouble });
  tellTrouble(response.ok ? '' : await rejectionOf(response));
  if (!response.ok) return;
  map = await response.json();
  palette = readPalette(map.families);
  dots.update(map.points, performance.now());
  document.querySelector('#map-summary').textContent = map.summary;
  update();
}

let loading = false;
let again = false;
/** Requests during a load cause one more load. */
async function load() {
  again = true;
  if (loading) return;
  loading = true;
  try {
    while (again) {
      again = false;
      await loadOnce();
      if (again) await new Promise((resolve) => setTimeout(resolve, BETWEEN_LOADS_MS));
    }
  } finally {
    loading = false;
  }
}

let settling;
function place({ restaurantId, fit: fitNumber, position }) {
  // Not among the most viewed: it is not on the map.
  if (!dots.has(restaurantId) && map.points.length < map.total) return;
  clearTimeout(settling);
  settling = setTimeout(load, SETTLED_MS);
  // Without a position under these axes, or with new axes, every dot may have moved.
  if (!dots.has(restaurantId) || !position || fitNumber !== map.fit || loading) void load();
  else {
    dots.fly(restaurantId, position, performance.now());
    update();
  }
}
listen(
  ['embedded'],
  (_, event) => place(event),
  () => void load(),
);

const dotAt = ([x, y], kind) =>
  dots.nearest({ x, y, camera, reach: REACH_PX[kind] ?? REACH_PX.mouse }, performance.now());

function showLabel(point, kind) {
  const dot = dotAt(point, kind);
  label.hidden = !dot;
  canvas.classList.toggle('over', Boolean(dot));
  if (!dot) return;
  label.textContent = [dot.name, dot.cuisine].filter(Boolean).join(' · ');
  const [x, y] = camera.toScreen(dot.to);
  const room = canvas.clientWidth - label.offsetWidth - 8;
  label.style.left = `${Math.max(4, Math.min(room, x + 12))}px`;
  label.style.top = `${Math.max(4, y - 34)}px`;
}
canvas.addEventListener('pointermove', ({ offsetX, offsetY, pointerType, buttons }) => {
  if (buttons === 0) showLabel([offsetX, offsetY], pointerType);
});
for (const event of ['pointerleave', 'pointerdown', 'blur'])
  canvas.addEventListener(event, () => {
    label.hidden = true;
    redraw();
  });
canvas.addEventListener('focus', redraw);

steer(canvas, camera, {
  onMove() {
    isTouched = true;
    redraw();
  },
  onFit: fit,
  async onPick(point, kind) {
    const dot = dotAt(point, kind);
    if (!dot || !(await showParts(`/explore/map/cards/${dot.id}`, { purpose: 'card' }))) return;
    if (kind === 'keyboard') document.querySelector('#map-card').focus();
    redraw();
  },
});
document.addEventListener('click', ({ target }) => {
  const zoom = target.closest?.('[data-zoom]')?.dataset.zoom;
  if (zoom === 'fit') fit();
  else if (zoom) camera.zoomBy(zoom === 'in' ? 1.6 : 1 / 1.6);
  if (zoom) isTouched = zoom !== 'fit';
  if (target.closest?.('#close-card')) {
    document.querySelector('#map-card').hidden = true;
    canvas.focus();
  }
  const chip = target.closest?.('#legend button');
  if (chip) {
    const isPressed = chip.getAttribute('aria-pressed') !== 'true';
    for (const one of legend.querySelectorAll('button')) one.setAttribute('aria-pressed', 'false');
    chip.setAttribute('aria-pressed', String(isPressed));
    dots.highlight(isPressed ? Number(chip.dataset.family) : undefined);
  }
  redraw();
});
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => {
  palette = readPalette(map.families);
  redraw();
});
new ResizeObserver(() => {
  if (!isTouched) fit();
  redraw();
}).observe(canvas);
addLightButton(dots);
