/** Replaces parts of the page by markup from the server, which escapes it: nothing is built from strings here. */
import { ask, rejectionOf } from './ask.js';

const latest = new Map();
const trouble = document.querySelector('#trouble');

export function tellTrouble(text) {
  if (!trouble) return;
  trouble.textContent = text;
  trouble.classList.toggle('warning', text !== '');
}

const nameOf = (control) => control.getAttribute('aria-label') ?? control.textContent;

/** Cells that are kept can fade from one shade to the next. */
function updateStrip(current, next) {
  const [cells, nextCells] = [current.children, next.children];
  if (cells.length !== nextCells.length) return false;
  for (const [index, cell] of [...nextCells].entries()) {
    if (cells[index].className !== cell.className) cells[index].className = cell.className;
  }
  for (const { name, value } of next.attributes) current.setAttribute(name, value);
  return true;
}

/** Replaces the element with the same id by `next`; the keyboard focus stays on the same control, or in the part. */
function exchange(next) {
  const current = document.getElementById(next.id);
  if (!current) return;
  const strip = current.querySelector('.strip');
  const nextStrip = next.querySelector('.strip');
  if (strip && nextStrip && updateStrip(strip, nextStrip)) nextStrip.replaceWith(strip);
  const focused = current.contains(document.activeElement) ? document.activeElement : undefined;
  const name = focused && nameOf(focused);
  current.replaceWith(next);
  if (!focused) return;
  const controls = [...next.querySelectorAll('a[href], button, summary')];
  const successor = controls.find((control) => nameOf(control) === name);
  if (!successor) next.tabIndex = -1;
  (successor ?? next).focus({ preventScroll: true });
}

/**
 * Requests parts of the page and replaces every element by its id. A response is dropped if a later request with the
 * same `purpose` was made. Resolves with whether the parts were shown.
 */
export async function showParts(url, { purpose = 'parts', busy } = {}) {
  latest.get(purpose)?.abort();
  const own = new AbortController();
  latest.set(purpose, own);
  const busyElement = busy && document.getElementById(busy);
  busyElement?.setAttribute('aria-busy', 'true');
  try {
    const response = await ask(url, {
      signal: own.signal,
      headers: { Accept: 'text/html', 'X-Parts': '1' },
      onWait: tellTrouble,
    });
    tellTrouble(response.ok ? '' : await rejectionOf(response));
    if (response.ok) {
      const template = document.createElement('template');
      template.innerHTML = await response.text();
      for (const part of Array.from(template.content.children)) if (part.id) exchange(part);
      document.dispatchEvent(new Event('shown'));
    }
    busyElement?.removeAttribute('aria-busy');
    return response.ok;
  } catch (error) {
    if (error.name !== 'AbortError') throw error;
    return false;
  }
}
