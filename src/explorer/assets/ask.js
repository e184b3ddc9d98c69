/** Reads that are retried, as overload, rate limits and lost connections are transient. */
import { say } from './words.js';

const PAUSE_MS = 2_000;
const transient = new Set([429, 503]);

/** Why the service rejected a request: the problem's detail. */
export async function rejectionOf(response) {
  const problem = await response.json().catch(() => undefined);
  return problem?.detail ?? say('answered', { status: response.status });
}

/**
 * Resolves with the first response that is not a transient rejection. Calls `onWait` with the reason of each rejection.
 * Rejects with an AbortError only.
 */
export async function ask(url, { signal, headers, onWait }) {
  for (;;) {
    let response;
    try {
      response = await fetch(url, { signal, headers, cache: 'no-store' });
      if (!transient.has(response.status)) return response;
    } catch (error) {
      if (error.name === 'AbortError') throw error;
    }
    onWait(`${response ? await rejectionOf(response) : say('unreachable')} ${say('retrying')}`);
    const seconds = Number(response?.headers.get('Retry-After'));
    await new Promise((resolve) => setTimeout(resolve, seconds > 0 ? seconds * 1_000 : PAUSE_MS));
    signal?.throwIfAborted();
  }
}

/** The `Server-Timing` entries of a response by name: duration in ms, and description. */
export function timingsOf(response) {
  const entries = (response.headers.get('Server-Timing') ?? '').split(',').map((entry) => {
    const [, name, ms, , description] = /^\s*(\w+);dur=([\d.]+)(;desc="(\w+)")?/.exec(entry) ?? [];
    return [name, { ms: Number(ms), description }];
  });
  return Object.fromEntries(entries.filter(([name]) => name));
}
