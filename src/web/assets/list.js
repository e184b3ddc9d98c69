/** The list: results while somebody types, and badges that change when a restaurant is embedded elsewhere. */
import { show } from './fragments.js';
import './taste.js';

const form = document.querySelector('#filters');
const results = document.querySelector('#results');
const PAUSE_MS = 150;
let timer;

function refresh() {
  const query = new URLSearchParams([...new FormData(form)].filter(([, value]) => value !== ''));
  history.replaceState(null, '', query.size > 0 ? `/?${query}` : '/');
  return show(results, `/explore/results?${query}`);
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

new EventSource('/events').addEventListener('embedded', (event) => {
  const { restaurantId } = JSON.parse(event.data);
  const badge = document.querySelector(`[data-id="${restaurantId}"] .badge`);
  if (!badge) return;
  badge.className = 'badge ready';
  badge.textContent = 'ready';
});
