/** Exchanges a part of the page for what the server renders; the server escapes, so nothing is built from strings here. */
import { ask, reasonOf } from './ask.js';

document.documentElement.classList.add('scripted');

const latest = new WeakMap();

/** The line before a part that changes: it stays, so that it alone is read out. */
export function say(element, text, kind = '') {
  const status = element.previousElementSibling;
  if (status?.getAttribute('role') !== 'status') return;
  status.textContent = text;
  status.className = `status ${kind}`;
}

const nameOf = (control) => control.getAttribute('aria-label') ?? control.textContent;

/** Whoever is inside with the keyboard stays at the same control, or at least in the same part. */
function exchange(element, html) {
  const focused = element.contains(document.activeElement) ? document.activeElement : undefined;
  const name = focused && nameOf(focused);
  element.innerHTML = html;
  if (!focused) return;
  const successor = [...element.querySelectorAll('a[href], button')].find(
    (control) => nameOf(control) === name,
  );
  if (!successor) element.tabIndex = -1;
  (successor ?? element).focus({ preventScroll: true });
}

/**
 * An answer that has been overtaken by a later one for the same element is dropped. Gives whether it was shown.
 * What is looked up again and again by itself is not seen to be busy.
 */
export async function show(element, url, { isAsked = true } = {}) {
  latest.get(element)?.abort();
  const own = new AbortController();
  latest.set(element, own);
  if (isAsked) element.setAttribute('aria-busy', 'true');
  try {
    const response = await ask(url, {
      signal: own.signal,
      headers: { Accept: 'text/html', 'X-Fragment': '1' },
      onWait: (reason) => say(element, reason, 'warning'),
    });
    if (!response.ok) {
      say(element, await reasonOf(response), 'warning');
    } else {
      exchange(element, await response.text());
      const count = element.querySelector('[data-count]');
      count?.remove();
      say(element, count?.textContent ?? '');
      document.dispatchEvent(new Event('shown'));
    }
    element.removeAttribute('aria-busy');
    return response.ok;
  } catch (error) {
    if (error.name !== 'AbortError') throw error;
    return false;
  }
}
