/** The families that are on the map, the largest first, as buttons that highlight one of them. */

function entry({ key, name }, family) {
  const button = document.createElement('button');
  button.type = 'button';
  button.dataset.family = String(family);
  button.setAttribute('aria-pressed', 'false');
  const dot = document.createElement('span');
  dot.className = `dot ${key}`;
  dot.setAttribute('aria-hidden', 'true');
  const count = document.createElement('span');
  count.className = 'count';
  button.append(dot, `${name} `, count);
  const item = document.createElement('li');
  item.append(button);
  return item;
}

/** Replaces the entries only when the families change, so that the keyboard focus stays where it is. */
export function drawLegend(list, families, lit) {
  const counts = new Map();
  for (const { family } of lit) counts.set(family, (counts.get(family) ?? 0) + 1);
  const wanted = [...counts].sort((a, b) => b[1] - a[1] || a[0] - b[0]).map(([family]) => family);
  const shown = [...list.querySelectorAll('button')].map((button) => Number(button.dataset.family));
  if (wanted.length !== shown.length || wanted.some((family) => !shown.includes(family)))
    list.replaceChildren(...wanted.map((family) => entry(families[family], family)));
  for (const button of list.querySelectorAll('button'))
    button.querySelector('.count').textContent = String(counts.get(Number(button.dataset.family)) ?? 0);
}
