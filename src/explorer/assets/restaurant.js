/** One restaurant: the read that embeds it, timed, then what is similar. */
import { ask, reasonOf } from './ask.js';
import { show } from './fragments.js';
import './taste.js';

const article = document.querySelector('[data-restaurant]');
const { restaurant: id, status } = article.dataset;
const took = article.querySelector('#read-took');
const note = article.querySelector('#embedding-note');
const RETRY_MS = 1_000;

const origins = { inferred: 'Embedded', reused: 'The same text had a vector already: taken over' };

function setStatus(value) {
  article.dataset.status = value;
  const reached = { missing: 0, stale: 0, pending: 1, failed: 1, ready: 2 }[value];
  for (const [index, step] of article.querySelectorAll('.steps li').entries()) {
    step.toggleAttribute('data-reached', index <= reached);
    if (index === reached) step.setAttribute('aria-current', 'step');
    else step.removeAttribute('aria-current');
  }
}

function tellReady(response, measuredMs) {
  const [, inServiceMs, origin] =
    /embed;dur=([\d.]+);desc="(\w+)"/.exec(response.headers.get('Server-Timing') ?? '') ?? [];
  took.textContent = `${inServiceMs ?? measuredMs.toFixed(1)} ms`;
  note.textContent = inServiceMs
    ? `${origins[origin] ?? origin} by this very read, and stored.`
    : 'Its vector was there already.';
}

async function read() {
  if (article.dataset.status !== 'ready') {
    setStatus('pending');
    note.textContent = 'This is its first read: it is being embedded…';
  }
  const startedAt = performance.now();
  const response = await ask(`/restaurants/${id}`, { onWait: (reason) => (note.textContent = reason) });
  if (!response.ok) {
    note.textContent = await reasonOf(response);
    return;
  }
  const { embedding } = await response.json();
  const measuredMs = performance.now() - startedAt;
  setStatus(embedding.status);
  if (embedding.status === 'pending') {
    note.textContent = `Waiting (${embedding.reason}).`;
    setTimeout(() => void read(), RETRY_MS);
    return;
  }
  if (embedding.status === 'failed') note.textContent = `It could not be embedded (${embedding.reason}).`;
  else tellReady(response, measuredMs);
  await show(document.querySelector('#similar'), `/explore/restaurants/${id}/similar`);
}

setStatus(status);
void read();
