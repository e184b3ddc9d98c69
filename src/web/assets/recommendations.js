/** Recommendations that follow what is picked. */
import { show } from './fragments.js';
import { forgetTastes, tastes } from './taste.js';

const list = document.querySelector('#taste-list');

function refresh() {
  const all = [...tastes()];
  list.replaceChildren(
    ...all.map(([, { value, name }]) => {
      const item = document.createElement('li');
      item.textContent = `${value === 'like' ? '♥' : '✕'} ${name}`;
      return item;
    }),
  );
  const query = new URLSearchParams(all.map(([id, { value }]) => [value, id]));
  return show(document.querySelector('#recommended'), `/explore/recommendations/results?${query}`);
}

document.querySelector('#forget').addEventListener('click', forgetTastes);
document.addEventListener('taste', refresh);
void refresh();
