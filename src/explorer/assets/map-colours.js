/** The legend's colours: as many cuisines as can be told apart, of even lightness; all others share a neutral one. */

const NAMED = 12;
export const OTHERS = NAMED;
/** Degrees between neighbours in rank: five of the twelve steps of the circle, so that they differ much. */
const HUE_STEP = 150;

/** The most frequent cuisines first, by name; whoever is not among them belongs to OTHERS. */
export function rankCuisines(points) {
  const counts = new Map();
  for (const { cuisineType } of points) {
    if (cuisineType) counts.set(cuisineType, (counts.get(cuisineType) ?? 0) + 1);
  }
  const ranked = [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).slice(0, NAMED);
  return new Map(ranked.map(([cuisine], rank) => [cuisine, rank]));
}

/** Colours by rank, the last one for the others, and that of dots without a vector, for the scheme that is on now. */
export function readPalette() {
  const style = getComputedStyle(document.documentElement);
  const [lightness, chroma] = [
    style.getPropertyValue('--dot-lightness'),
    style.getPropertyValue('--dot-chroma'),
  ];
  const named = Array.from(
    { length: NAMED },
    (_, rank) => `oklch(${lightness} ${chroma} ${(rank * HUE_STEP + 30) % 360})`,
  );
  return {
    colours: [...named, style.getPropertyValue('--dot-others')],
    unlit: style.getPropertyValue('--soft'),
  };
}

function legendEntry(name, rank) {
  const svg = 'http://www.w3.org/2000/svg';
  const mark = document.createElementNS(svg, 'svg');
  const circle = document.createElementNS(svg, 'circle');
  for (const [key, value] of Object.entries({ class: 'dot', viewBox: '0 0 2 2', 'aria-hidden': 'true' }))
    mark.setAttribute(key, value);
  for (const [key, value] of Object.entries({ cx: 1, cy: 1, r: 1 })) circle.setAttribute(key, value);
  mark.append(circle);
  const button = document.createElement('button');
  button.type = 'button';
  button.dataset.rank = String(rank);
  button.setAttribute('aria-pressed', 'false');
  button.append(mark, name);
  const item = document.createElement('li');
  item.append(button);
  return item;
}

/** Keeps the entries while the cuisines are the same: somebody may be at one of them. */
export function drawLegend(list, ranks, colours, hasOthers) {
  const names = [...ranks.keys(), ...(hasOthers ? ['others'] : [])];
  const shown = [...list.children].map((item) => item.textContent);
  if (names.join('\n') !== shown.join('\n'))
    list.replaceChildren(...names.map((name) => legendEntry(name, ranks.get(name) ?? OTHERS)));
  for (const button of list.querySelectorAll('button'))
    button.querySelector('circle').setAttribute('fill', colours[Number(button.dataset.rank)]);
}
