/** Recommendations that follow what is picked. */
import { show } from './fragments.js';
import { forgetTaste, forgetTastes, tastes } from './taste.js';

const list = document.querySelector('#taste-list');
const forget = document.querySelector('#forget');

function chip([id, { value, name }]) {
  const button = document.createElement('button');
  button.type = 'button';
  button.dataset.forget = id;
  button.setAttribute('aria-label', `Forget ${name}`);
  button.textContent = `${value === 'like' ? '♥' : '✕'} ${name}`;
  const item = document.createElement('li');
  item.append(button);
  return item;
}

function refresh() {
  const all = [...tastes()];
  list.replaceChildren(...all.map(chip));
  forget.hidden = all.length === 0;
  const query = new URLSearchParams(all.map(([id, { value }]) => [value, id]));
  return show(document.querySelector('#recommended'), `/explore/recommendations/results?${query}`);
}

list.addEventListener('click', ({ target }) => {
  const button = target.closest('button');
  if (!button) return;
  const index = [...list.children].indexOf(button.parentElement);
  forgetTaste(button.dataset.forget);
  const next = list.querySelectorAll('button')[Math.min(index, list.children.length - 1)];
  (next ?? document.querySelector('#main')).focus();
});
forget.addEventListener('click', () => {
  forgetTastes();
  document.querySelector('#main').focus();
});
document.addEventListener('taste', refresh);
void refresh();
