/** The list: keyword search while the reader types, semantic search after a pause, live updates of what is indexed. */
import { listen } from './events.js';
import { announce } from './page.js';
import { showParts, tellTrouble } from './parts.js';
import { suggestFor } from './suggest.js';
import './taste.js';
import { say } from './words.js';

const form = document.querySelector('#filters');
/** Delay of the keyword search. */
const TYPING_MS = 120;
/** Semantic search, which may index restaurants, starts after this pause. */
const REST_MS = 600;
const BETWEEN_COUNTS_MS = 1_000;
let typing;
let resting;

const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

function formQuery() {
  const query = new URLSearchParams([...new FormData(form)].filter(([, value]) => value !== ''));
  if (query.has('near')) query.set('radiusKm', new URLSearchParams(location.search).get('radiusKm') ?? '5');
  return query;
}

function search() {
  clearTimeout(typing);
  clearTimeout(resting);
  const query = formQuery();
  history.replaceState(null, '', query.size > 0 ? `/?${query}` : '/');
  const words = query.get('q');
  if (words) document.title = `“${words}” · TasteMatch`;
  return showParts(`/explore/results?${query}`, { busy: 'results' });
}

function searchWords() {
  const query = formQuery();
  if (!query.has('q')) return;
  query.set('typing', '1');
  void showParts(`/explore/results?${query}`);
}

form?.addEventListener('input', ({ target }) => {
  clearTimeout(typing);
  clearTimeout(resting);
  if (target.id === 'q') typing = setTimeout(searchWords, TYPING_MS);
  if (target.id === 'q' || target.id === 'location') resting = setTimeout(search, REST_MS);
  else void search();
});
form?.addEventListener('submit', (event) => {
  event.preventDefault();
  document.querySelector('#filter-sheet').hidePopover?.();
  void search();
});

document.addEventListener('click', ({ target }) => {
  const button = target.closest?.('#near-me');
  if (!button) return;
  const near = document.querySelector('#near');
  if (button.getAttribute('aria-pressed') === 'true') {
    near.value = '';
    form.submit();
    return;
  }
  navigator.geolocation.getCurrentPosition(
    ({ coords }) => {
      // Rounded to about a hundred metres, as the address needs no more.
      near.value = `${coords.latitude.toFixed(3)},${coords.longitude.toFixed(3)}`;
      form.submit();
    },
    () => announce(say('noLocation')),
  );
});

let isCounting = false;
let isCountedAgain = false;
/** One request at a time, at most one per {@link BETWEEN_COUNTS_MS}, however many restaurants are indexed. */
async function count() {
  isCountedAgain = isCounting;
  if (isCounting) return;
  isCounting = true;
  await showParts('/explore/coverage', { purpose: 'coverage' });
  await wait(BETWEEN_COUNTS_MS);
  isCounting = false;
  if (isCountedAgain) await count();
}

function light(id) {
  const row = document.querySelector(`.row[data-id="${id}"]`);
  row?.setAttribute('data-lit', '');
  row?.querySelector('[data-unlit]')?.remove();
}

if (form) {
  suggestFor(form.q, document.querySelector('#suggestions'), () => void search());
  listen(
    ['embedded'],
    (_, { restaurantId }) => {
      light(restaurantId);
      void count();
    },
    ({ isFirst }) => {
      // Restaurants may have been indexed between the page and the stream.
      void count();
      if (isFirst) return;
      tellTrouble('');
      void showParts(`/explore/results${location.search}`);
    },
  );
}
