/** Exchanges a part of the page for what the server renders; the server escapes, so nothing is built from strings here. */

document.documentElement.classList.add('scripted');

const latest = new WeakMap();

/** An answer that has been overtaken by a later one for the same element is dropped. Gives whether it was shown. */
export async function show(element, url) {
  latest.get(element)?.abort();
  const own = new AbortController();
  latest.set(element, own);
  try {
    const response = await fetch(url, { signal: own.signal, headers: { Accept: 'text/html' } });
    if (!response.ok) {
      const problem = await response.json().catch(() => undefined);
      element.replaceChildren(problem?.detail ?? `The service answered ${response.status}.`);
      return false;
    }
    element.innerHTML = await response.text();
    document.dispatchEvent(new Event('shown'));
    return true;
  } catch (error) {
    if (error.name !== 'AbortError') element.replaceChildren('The service cannot be reached.');
    return false;
  }
}
