/** Line plots as SVG, made without a browser: both axes logarithmic. */

const WIDTH = 640;
const HEIGHT = 360;
const LEFT = 60;
const BOTTOM = 40;
const colours = ['#b3341f', '#1f6fb3', '#2f8f4e', '#8a4fb3', '#b3841f', '#555'];
const escape = (text) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');

/** `lines` maps a name to its values, in the order of `x`. */
export function plot({ title, x, lines, unit }) {
  const values = Object.values(lines).flat();
  const low = 10 ** Math.floor(Math.log10(Math.min(...values)));
  const high = 10 ** Math.ceil(Math.log10(Math.max(...values)));
  const atX = (value) =>
    LEFT +
    ((Math.log10(value) - Math.log10(x[0])) / (Math.log10(x.at(-1)) - Math.log10(x[0]))) *
      (WIDTH - LEFT - 200);
  const atY = (value) =>
    HEIGHT -
    BOTTOM -
    ((Math.log10(value) - Math.log10(low)) / (Math.log10(high) - Math.log10(low))) * (HEIGHT - BOTTOM - 40);
  const decades = [];
  for (let value = low; value <= high * 1.01; value *= 10) decades.push(value);
  const grid = decades.map(
    (value) =>
      `<line x1="${LEFT}" x2="${WIDTH - 200}" y1="${atY(value)}" y2="${atY(value)}" stroke="#ddd"/><text x="${LEFT - 6}" y="${atY(value) + 4}" text-anchor="end">${Number(value.toPrecision(1))}</text>`,
  );
  const ticks = x.map(
    (value) =>
      `<text x="${atX(value)}" y="${HEIGHT - BOTTOM + 18}" text-anchor="middle">${value.toLocaleString('en')}</text>`,
  );
  const drawn = Object.entries(lines).map(([name, line], index) => {
    const points = line.map((value, i) => `${atX(x[i]).toFixed(1)},${atY(value).toFixed(1)}`);
    const colour = colours[index % colours.length];
    const dots = points.map(
      (point) => `<circle cx="${point.split(',')[0]}" cy="${point.split(',')[1]}" r="3" fill="${colour}"/>`,
    );
    const y = 60 + index * 20;
    return `<polyline points="${points.join(' ')}" fill="none" stroke="${colour}" stroke-width="2"/>${dots.join('')}<rect x="${WIDTH - 188}" y="${y - 9}" width="10" height="10" fill="${colour}"/><text x="${WIDTH - 172}" y="${y}">${escape(name)}</text>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="sans-serif" font-size="11"><rect width="${WIDTH}" height="${HEIGHT}" fill="#fff"/><text x="${LEFT}" y="22" font-size="14">${escape(title)} (${unit})</text>${[...grid, ...ticks, ...drawn].join('')}</svg>\n`;
}
