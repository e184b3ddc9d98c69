/** Reads that do not give up: what passes by itself (overload, a rate limit, no connection) is tried again. */

const PAUSE_MS = 2_000;
const passing = new Set([429, 503]);

/** The reason that a refusing answer gives. */
export async function reasonOf(response) {
  const problem = await response.json().catch(() => undefined);
  return problem?.detail ?? `The service answered ${response.status}.`;
}

/**
 * Gives the first answer that is not a passing rejection. Until then each reason is told to `onWait`.
 * Rejects with an AbortError only.
 */
export async function ask(url, { signal, headers, onWait }) {
  for (;;) {
    let response;
    try {
      response = await fetch(url, { signal, headers, cache: 'no-store' });
      if (!passing.has(response.status)) return response;
    } catch (error) {
      if (error.name === 'AbortError') throw error;
    }
    onWait(`${response ? await reasonOf(response) : 'The service cannot be reached.'} Trying again…`);
    const seconds = Number(response?.headers.get('Retry-After'));
    await new Promise((resolve) => setTimeout(resolve, seconds > 0 ? seconds * 1_000 : PAUSE_MS));
    signal?.throwIfAborted();
  }
}
