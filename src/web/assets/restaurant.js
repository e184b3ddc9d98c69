/** One restaurant: the read that embeds it, timed, then what is similar. */
import { show } from './fragments.js';
import './taste.js';

const article = document.querySelector('[data-restaurant]');
const { restaurant: id, status } = article.dataset;
const badge = article.querySelector('.embedding .badge');
const note = article.querySelector('#embedding-note');
const RETRY_MS = 1_000;

function setStatus(value) {
  badge.className = `badge ${value}`;
  badge.textContent = value;
  article.dataset.status = value;
}

async function read(wasReady) {
  if (!wasReady) note.textContent = 'This is its first read: it is being embedded…';
  const startedAt = performance.now();
  const response = await fetch(`/restaurants/${id}`, { cache: 'no-store' });
  const { embedding } = await response.json();
  const took = performance.now() - startedAt;
  setStatus(embedding.status);
  if (embedding.status === 'pending') {
    note.textContent = `Waiting (${embedding.reason}).`;
    setTimeout(() => void read(false), RETRY_MS);
    return;
  }
  const inService = /embed;dur=([\d.]+);desc="(\w+)"/.exec(response.headers.get('Server-Timing') ?? '');
  if (embedding.status === 'failed') note.textContent = `It could not be embedded (${embedding.reason}).`;
  else if (inService)
    note.textContent = `It was ${inService[2]} in ${inService[1]} ms by this very read, and stored.`;
  else note.textContent = `Its vector was there already: read in ${took.toFixed(1)} ms.`;
  await show(document.querySelector('#similar'), `/explore/restaurants/${id}/similar`);
}

void read(status === 'ready');
