/** Line plots as SVG, made without a browser: both axes logarithmic. */

const WIDTH = 720;
const HEIGHT = 380;
const LEFT = 60;
const RIGHT = 240;
const TOP = 40;
const BOTTOM = 40;
const colours = ['#b3341f', '#1f6fb3', '#2f8f4e', '#8a4fb3', '#b3841f', '#555'];
const escape = (text) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');

const element = (name, attributes, content = '') => {
  const written = Object.entries(attributes).map(([key, value]) => ` ${key}="${value}"`);
  return `<${name}${written.join('')}>${content}</${name}>`;
};

/** A logarithmic scale from values to pixels. */
function scale(low, high, from, to) {
  const span = Math.log10(high) - Math.log10(low) || 1;
  return (value) => Number((from + ((Math.log10(value) - Math.log10(low)) / span) * (to - from)).toFixed(1));
}

function drawGrid(low, high, atY) {
  const lines = [];
  for (let value = low; value <= high * 1.01; value *= 10) {
    const y = atY(value);
    lines.push(
      element('line', { x1: LEFT, x2: WIDTH - RIGHT, y1: y, y2: y, stroke: '#ddd' }),
      element('text', { x: LEFT - 6, y: y + 4, 'text-anchor': 'end' }, Number(value.toPrecision(1))),
    );
  }
  return lines;
}

function drawLine(name, points, index) {
  const colour = colours[index % colours.length];
  const y = 60 + index * 20;
  const path = points.map(([left, top]) => `${left},${top}`).join(' ');
  return [
    element('polyline', { points: path, fill: 'none', stroke: colour, 'stroke-width': 2 }),
    ...points.map(([cx, cy]) => element('circle', { cx, cy, r: 3, fill: colour })),
    element('rect', { x: WIDTH - RIGHT + 12, y: y - 9, width: 10, height: 10, fill: colour }),
    element('text', { x: WIDTH - RIGHT + 28, y }, escape(name)),
  ];
}

/** `lines` maps a name to its values in the order of `x`; null where there is none. */
export function plot({ title, unit, x, lines }) {
  const values = Object.values(lines)
    .flat()
    .filter((value) => value > 0);
  const low = 10 ** Math.floor(Math.log10(Math.min(...values)));
  const high = 10 ** Math.ceil(Math.log10(Math.max(...values)));
  const atX = scale(x[0], x.at(-1), LEFT, WIDTH - RIGHT);
  const atY = scale(low, high, HEIGHT - BOTTOM, TOP);
  const ticks = x.map((value) => {
    const place = { x: atX(value), y: HEIGHT - BOTTOM + 18, 'text-anchor': 'middle' };
    return element('text', place, value.toLocaleString('en'));
  });
  const drawn = Object.entries(lines).flatMap(([name, line], index) => {
    const points = line.flatMap((value, i) => (value > 0 ? [[atX(x[i]), atY(value)]] : []));
    return drawLine(name, points, index);
  });
  const heading = element('text', { x: LEFT, y: 22, 'font-size': 14 }, `${escape(title)} (${escape(unit)})`);
  const background = element('rect', { width: WIDTH, height: HEIGHT, fill: '#fff' });
  const attributes = {
    xmlns: 'http://www.w3.org/2000/svg',
    viewBox: `0 0 ${WIDTH} ${HEIGHT}`,
    'font-family': 'sans-serif',
    'font-size': 11,
  };
  const content = [background, heading, ...drawGrid(low, high, atY), ...ticks, ...drawn].join('\n');
  return `${element('svg', attributes, content)}\n`;
}
