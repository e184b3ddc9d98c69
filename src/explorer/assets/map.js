/** The map: all restaurants, live; hover names one, click opens it. */
import { ask, reasonOf } from './ask.js';
import { listen } from './events.js';
import './fragments.js';
import { drawLegend, OTHERS, rankCuisines, readPalette } from './map-colours.js';
import { createDots } from './map-dots.js';
import { addLightButton } from './map-light.js';

const canvas = document.querySelector('#map');
const context = canvas.getContext('2d');
const label = document.querySelector('#map-label');
const summary = document.querySelector('#map-summary');
const trouble = document.querySelector('#map-trouble');
const legend = document.querySelector('#legend');
/** A finger is less exact than a mouse. */
const REACH_PX = { touch: 22, mouse: 12 };
const BETWEEN_LOADS_MS = 1_000;
const dots = createDots();
let map = { fit: 0, total: 0, points: [], ranks: new Map() };
let palette = readPalette();
let drawing = false;

function draw() {
  drawing = true;
  const now = performance.now();
  const ratio = devicePixelRatio;
  const [width, height] = [canvas.clientWidth * ratio, canvas.clientHeight * ratio];
  if (canvas.width !== width || canvas.height !== height) [canvas.width, canvas.height] = [width, height];
  dots.draw(context, { width, height, radius: ratio * (dots.size() > 3_000 ? 2 : 4.5), palette }, now);
  drawing = dots.isMoving(now);
  if (drawing) requestAnimationFrame(draw);
}
const redraw = () => {
  if (!drawing) draw();
};

function tell() {
  const lit = dots.lit();
  canvas.dataset.lit = String(lit.length);
  canvas.dataset.places = String(new Set(lit.map(({ to }) => to.map((at) => at.toFixed(2)).join())).size);
  const which = dots.size() < map.total ? `the ${dots.size()} most viewed of ${map.total}` : `${dots.size()}`;
  summary.textContent = `${lit.length} of ${which} restaurants have a vector.`;
}
function tellTrouble(text) {
  trouble.textContent = text;
  trouble.classList.toggle('warning', text !== '');
}
const paintLegend = () =>
  drawLegend(
    legend,
    map.ranks,
    palette.colours,
    map.points.some(({ cuisineType }) => !map.ranks.has(cuisineType)),
  );

/** What was told while an answer was on its way, and may be missing in it: id → event. */
const told = new Map();

async function loadOnce() {
  told.clear();
  const response = await ask('/map', { onWait: tellTrouble });
  tellTrouble(response.ok ? '' : await reasonOf(response));
  if (!response.ok) return;
  const answer = await response.json();
  map = { ...answer, ranks: rankCuisines(answer.points) };
  dots.update(map.points, (cuisine) => map.ranks.get(cuisine) ?? OTHERS, performance.now());
  for (const event of told.values()) place(event);
  paintLegend();
  tell();
  redraw();
}

let loading = false;
let again = false;
/** Many reasons to load make one more load. */
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

function place({ restaurantId, fit, position }) {
  // One that is beyond the most viewed is on no map.
  if (!dots.has(restaurantId) && map.points.length < map.total) return;
  // Without a place under these axes, or with new axes, every dot may have moved.
  if (!dots.has(restaurantId) || !position || fit !== map.fit) void load();
  else dots.fly(restaurantId, position, performance.now());
}

listen(
  ['embedded'],
  (_, event) => {
    if (loading) told.set(event.restaurantId, event);
    place(event);
    tell();
    redraw();
  },
  () => void load(),
);

function dotAt({ clientX, clientY, pointerType }) {
  const { left, top, width, height } = canvas.getBoundingClientRect();
  const reach = REACH_PX[pointerType] ?? REACH_PX.mouse;
  return dots.nearest({ x: clientX - left, y: clientY - top, width, height, reach }, performance.now());
}
canvas.addEventListener('pointermove', (event) => {
  const dot = dotAt(event);
  label.hidden = !dot;
  if (!dot) return;
  label.textContent = [dot.name, dot.cuisineType, dot.lit ? '' : 'not embedded yet']
    .filter(Boolean)
    .join(' · ');
  const { left, top } = canvas.getBoundingClientRect();
  const room = canvas.clientWidth - label.offsetWidth - 8;
  label.style.left = `${Math.max(4, Math.min(room, event.clientX - left + 12))}px`;
  label.style.top = `${Math.max(4, event.clientY - top - 30)}px`;
});
canvas.addEventListener('pointerleave', () => {
  label.hidden = true;
});
canvas.addEventListener('click', (event) => {
  const dot = dotAt(event);
  if (dot) location.assign(`/explore/restaurants/${dot.id}`);
});
legend.addEventListener('click', ({ target }) => {
  const button = target.closest('button');
  if (!button) return;
  const isPressed = button.getAttribute('aria-pressed') !== 'true';
  for (const one of legend.querySelectorAll('button')) one.setAttribute('aria-pressed', 'false');
  button.setAttribute('aria-pressed', String(isPressed));
  dots.pickOut(isPressed ? Number(button.dataset.rank) : undefined);
  redraw();
});
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => {
  palette = readPalette();
  paintLegend();
  redraw();
});
addEventListener('resize', redraw);
addLightButton(dots);
