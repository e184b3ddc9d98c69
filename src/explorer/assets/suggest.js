/** Suggestions under the search field, as an ARIA combobox: arrows, Enter, Escape, or the pointer. Embeds nothing. */
import { say } from './words.js';

const TYPING_MS = 120;
const LEAST_CHARACTERS = 2;
const OF_EACH_KIND = 3;

function optionOf({ kind, text }, index) {
  const option = document.createElement('li');
  option.id = `suggestion-${index}`;
  option.setAttribute('role', 'option');
  option.setAttribute('aria-selected', 'false');
  option.dataset.text = text;
  const note = document.createElement('small');
  note.textContent = say(kind);
  option.append(text, ' ', note);
  return option;
}

async function request(text, signal) {
  const query = new URLSearchParams({ q: text.slice(0, 200), limit: OF_EACH_KIND });
  const response = await fetch(`/suggest?${query}`, { signal });
  return response.ok ? (await response.json()).items : [];
}

/** `onChoose` is called after a suggestion has been put into the field. */
export function suggestFor(field, list, onChoose) {
  let due;
  let latest;
  let active;

  function activate(option) {
    active?.setAttribute('aria-selected', 'false');
    active = option;
    active?.setAttribute('aria-selected', 'true');
    active?.scrollIntoView({ block: 'nearest' });
    field.setAttribute('aria-activedescendant', active?.id ?? '');
  }
  function show(items) {
    activate(undefined);
    list.replaceChildren(...items.map(optionOf));
    list.hidden = items.length === 0;
    field.setAttribute('aria-expanded', String(items.length > 0));
  }
  function close() {
    clearTimeout(due);
    latest?.abort();
    show([]);
  }
  function choose(option) {
    field.value = option.dataset.text;
    close();
    onChoose();
  }
  async function update() {
    latest?.abort();
    latest = new AbortController();
    const { signal } = latest;
    // Without suggestions it is an ordinary field.
    const items = await request(field.value.trim(), signal).catch(() => []);
    if (!signal.aborted && document.activeElement === field) show(items);
  }

  /** Keys handled while suggestions are shown; other keys keep their default action. */
  const keys = {
    ArrowDown: () => activate(active?.nextElementSibling ?? list.firstElementChild),
    ArrowUp: () => activate(active?.previousElementSibling ?? list.lastElementChild),
    Escape: close,
    Enter: () => (active ? choose(active) : close()),
  };
  field.setAttribute('role', 'combobox');
  field.setAttribute('aria-autocomplete', 'list');
  field.setAttribute('aria-controls', list.id);
  field.setAttribute('aria-expanded', 'false');
  field.autocomplete = 'off';
  field.addEventListener('input', () => {
    close();
    if (field.value.trim().length >= LEAST_CHARACTERS) due = setTimeout(update, TYPING_MS);
  });
  field.addEventListener('keydown', (event) => {
    if (event.key === 'Enter' && list.hidden) close();
    if (list.hidden || !keys[event.key]) return;
    if (event.key !== 'Enter' || active) event.preventDefault();
    keys[event.key]();
  });
  field.addEventListener('blur', close);
  // Before the field loses the focus.
  list.addEventListener('pointerdown', (event) => event.preventDefault());
  list.addEventListener('click', ({ target }) => {
    const option = target.closest('[role="option"]');
    if (option) choose(option);
  });
}
