/** For you: picks and the recommendations for them, kept in sync between tabs. */
import { listen } from './events.js';
import './page.js';
import { showParts } from './parts.js';
import { keepTastes, setTaste, tastes } from './taste.js';

const form = document.querySelector('#pick-form');
const shared = document.querySelector('#shared');
const path = '/explore/recommendations';

const boxes = () => [...form.querySelectorAll('input[name="like"]')];
const checked = () => boxes().filter((box) => box.checked);
const queryOf = (all) => new URLSearchParams([...all].map(([id, { value }]) => [value, id]));
const addressQuery = () => {
  const query = new URLSearchParams(location.search);
  query.delete('lang');
  return query;
};
function isSame(one, other) {
  one.sort();
  other.sort();
  return one.toString() === other.toString();
}

/** The picks in the address, with the names that the page shows. */
function picksOfPage() {
  const dislikes = new URLSearchParams(location.search).getAll('dislike');
  return new Map([
    ...checked().map((box) => [box.value, { value: 'like', name: box.dataset.name }]),
    ...dislikes.map((id) => [id, { value: 'dislike', name: id }]),
  ]);
}

/** Reloads the parts of the page. Cards that are unchanged keep their places. */
async function refresh() {
  const query = queryOf(tastes());
  history.replaceState(null, '', query.size > 0 ? `${path}?${query}` : path);
  shared.hidden = true;
  await showParts(`${path}?${query}`, { busy: 'recommended' });
}

/** A like among the results does not reorder them: a button offers the update. */
function offerUpdate() {
  document.querySelector('#update-line').hidden = false;
}

document.addEventListener('taste', () => {
  const likes = new Map([...tastes()].filter(([, { value }]) => value === 'like'));
  for (const box of boxes()) box.checked = likes.has(box.value);
  if (isSame(queryOf(tastes()), addressQuery())) return;
  if (document.querySelector('#recommended').contains(document.activeElement)) offerUpdate();
  else void refresh();
});

form.addEventListener('change', ({ target }) => {
  if (target.name !== 'like') return;
  if (!shared.hidden) keepTastes(picksOfPage());
  else setTaste(target.value, target.dataset.name, target.checked ? 'like' : undefined);
});
document.addEventListener('click', ({ target }) => {
  if (target.id === 'update') void refresh();
  if (target.id === 'clear') keepTastes(new Map());
  if (target.id === 'adopt') keepTastes(picksOfPage());
});

function start() {
  const own = tastes();
  const address = addressQuery();
  if (address.size === 0) {
    if (own.size > 0) void refresh();
  } else if (own.size === 0) keepTastes(picksOfPage());
  else if (!isSame(queryOf(own), address)) shared.hidden = false;
}
start();

/** A newly indexed restaurant may belong to the results: an update is offered, not made. */
listen(
  ['embedded'],
  () => {
    if (checked().length > 0) offerUpdate();
  },
  ({ isFirst }) => {
    if (!isFirst && checked().length > 0) offerUpdate();
  },
);
