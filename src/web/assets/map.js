/** The map: draws all restaurants, live; hover names one, click opens it. */
import './fragments.js';
import { colourOf, createDots } from './map-dots.js';

const canvas = document.querySelector('#map');
const context = canvas.getContext('2d');
const label = document.querySelector('#map-label');
const summary = document.querySelector('#map-summary');
const LEGEND = 12;
const REACH = 0.04;
let dots;
let fit;
let drawing = false;

const unlit = () => getComputedStyle(document.documentElement).getPropertyValue('--soft');

function draw() {
  drawing = true;
  const now = performance.now();
  const ratio = devicePixelRatio;
  const [width, height] = [canvas.clientWidth * ratio, canvas.clientHeight * ratio];
  if (canvas.width !== width || canvas.height !== height) [canvas.width, canvas.height] = [width, height];
  const radius = ratio * (dots.size() > 3_000 ? 2 : 4.5);
  dots.draw(context, { width, height, radius, unlit: unlit() }, now);
  drawing = dots.isMoving(now);
  if (drawing) requestAnimationFrame(draw);
}
const redraw = () => {
  if (!drawing) draw();
};

function tell() {
  canvas.dataset.lit = String(dots.litCount());
  summary.textContent = `${dots.litCount()} of ${dots.size()} restaurants have a vector.`;
}

function drawLegend(ranked) {
  document.querySelector('#legend').replaceChildren(
    ...ranked.slice(0, LEGEND).map((cuisine, rank) => {
      const item = document.createElement('li');
      const mark = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
      mark.setAttribute('class', 'dot');
      mark.setAttribute('viewBox', '0 0 2 2');
      mark.setAttribute('aria-hidden', 'true');
      const circle = document.createElementNS('http://www.w3.org/2000/svg', 'circle');
      for (const [name, value] of Object.entries({ cx: 1, cy: 1, r: 1, fill: colourOf(rank) }))
        circle.setAttribute(name, value);
      mark.append(circle);
      item.append(mark, cuisine);
      return item;
    }),
  );
}

async function load() {
  const answer = await (await fetch('/map')).json();
  fit = answer.fit;
  const counts = new Map();
  for (const { cuisineType } of answer.points) {
    if (cuisineType) counts.set(cuisineType, (counts.get(cuisineType) ?? 0) + 1);
  }
  const ranked = [...counts].sort((a, b) => b[1] - a[1]).map(([cuisine]) => cuisine);
  const ranks = new Map(ranked.map((cuisine, rank) => [cuisine, rank]));
  dots = createDots(answer.points, (cuisine) => ranks.get(cuisine) ?? -1);
  drawLegend(ranked);
  tell();
  redraw();
}

function dotAt(event) {
  const { left, top, width, height } = canvas.getBoundingClientRect();
  const x = ((event.clientX - left) / width) * 2 - 1;
  const y = ((event.clientY - top) / height) * 2 - 1;
  return dots?.nearest(x, y, REACH, performance.now());
}

canvas.addEventListener('pointermove', (event) => {
  const dot = dotAt(event);
  label.hidden = !dot;
  if (!dot) return;
  label.textContent = `${dot.name}${dot.cuisineType ? ` · ${dot.cuisineType}` : ''}${dot.lit ? '' : ' · not embedded yet'}`;
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
addEventListener('resize', redraw);

await load();

new EventSource('/events').addEventListener('embedded', (event) => {
  const { restaurantId, fit: itsFit, position } = JSON.parse(event.data);
  // Without a place under these axes, or with new axes, every dot may have moved.
  const isPlaced = position && itsFit === fit && dots.fly(restaurantId, position, performance.now());
  if (isPlaced) {
    tell();
    redraw();
  } else void load();
});
