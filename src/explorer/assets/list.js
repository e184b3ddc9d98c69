/** The list: results while somebody types, and what changes when a restaurant is embedded elsewhere. */
import { listen } from './events.js';
import { show } from './fragments.js';
import './taste.js';

const form = document.querySelector('#filters');
const results = document.querySelector('#results');
const lit = document.querySelector('#lit');
const PAUSE_MS = 150;
const BETWEEN_COUNTS_MS = 1_000;
let timer;

const showAddress = () => show(results, `/explore/results${location.search}`);

function refresh() {
  const query = new URLSearchParams([...new FormData(form)].filter(([, value]) => value !== ''));
  history.replaceState(null, '', query.size > 0 ? `/?${query}` : '/');
  return showAddress();
}

form.addEventListener('input', () => {
  clearTimeout(timer);
  timer = setTimeout(refresh, PAUSE_MS);
});
form.addEventListener('submit', (event) => {
  event.preventDefault();
  clearTimeout(timer);
  void refresh();
});

let isAsking = false;
let isAskedAgain = false;
/** However many are embedded, one question at a time, and not many. */
async function countLit() {
  isAskedAgain = isAsking;
  if (isAsking) return;
  isAsking = true;
  await show(lit, '/explore/lit', { isAsked: false });
  await new Promise((resolve) => setTimeout(resolve, BETWEEN_COUNTS_MS));
  isAsking = false;
  if (isAskedAgain) await countLit();
}

listen(
  ['embedded'],
  (_, { restaurantId }) => {
    void countLit();
    const badge = document.querySelector(`[data-id="${restaurantId}"] .badge`);
    if (!badge) return;
    badge.className = 'badge ready';
    badge.textContent = 'ready';
  },
  ({ isFirst }) => {
    if (isFirst) return;
    void countLit();
    void showAddress();
  },
);
