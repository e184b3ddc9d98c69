/** Likes and dislikes, kept in this browser: id → {value, name}. */

const STORE = 'tastematch-taste';

export function tastes() {
  try {
    return new Map(JSON.parse(localStorage.getItem(STORE) ?? '[]'));
  } catch {
    return new Map();
  }
}

function keep(all) {
  localStorage.setItem(STORE, JSON.stringify([...all]));
  mark();
  document.dispatchEvent(new Event('taste'));
}

export const forgetTastes = () => keep(new Map());

export function forgetTaste(id) {
  const all = tastes();
  all.delete(id);
  keep(all);
}

function mark() {
  const all = tastes();
  for (const group of document.querySelectorAll('[data-taste]')) {
    const value = all.get(group.dataset.taste)?.value;
    for (const button of group.querySelectorAll('button')) {
      button.setAttribute('aria-pressed', String(button.dataset.value === value));
    }
  }
}

document.addEventListener('click', (event) => {
  const button = event.target.closest?.('[data-taste] button');
  if (!button) return;
  const { taste: id, name } = button.closest('[data-taste]').dataset;
  const all = tastes();
  if (all.get(id)?.value === button.dataset.value) all.delete(id);
  else all.set(id, { value: button.dataset.value, name });
  keep(all);
});
document.addEventListener('shown', mark);
mark();
