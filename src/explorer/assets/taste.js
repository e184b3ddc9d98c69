/** Likes and dislikes, kept in this browser and in sync between tabs: id → {value, name}. */
import { announce } from './page.js';
import { say } from './words.js';

const STORE = 'tastematch-taste';

export function tastes() {
  try {
    return new Map(JSON.parse(localStorage.getItem(STORE) ?? '[]'));
  } catch {
    return new Map();
  }
}

export function keepTastes(all) {
  localStorage.setItem(STORE, JSON.stringify([...all]));
  changed();
}

function changed() {
  mark();
  document.dispatchEvent(new Event('taste'));
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

/** Sets or clears one taste and offers to undo it; nothing on the page moves. */
export function setTaste(id, name, value) {
  const before = tastes();
  const all = new Map(before);
  if (value === undefined) all.delete(id);
  else all.set(id, { value, name });
  keepTastes(all);
  const message = value === 'like' ? 'liked' : value === 'dislike' ? 'disliked' : 'removed';
  announce(say(message, { name }), () => keepTastes(before));
}

document.addEventListener('click', (event) => {
  const button = event.target.closest?.('[data-taste] button');
  if (!button) return;
  const { taste: id, name } = button.closest('[data-taste]').dataset;
  const isPressed = tastes().get(id)?.value === button.dataset.value;
  setTaste(id, name, isPressed ? undefined : button.dataset.value);
});
document.addEventListener('shown', mark);
addEventListener('storage', ({ key }) => {
  if (key === STORE || key === null) changed();
});
mark();
