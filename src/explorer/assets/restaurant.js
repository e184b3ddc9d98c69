/** One restaurant: the read that indexes it, its time next to that of the first read, then similar restaurants. */
import { ask, rejectionOf, timingsOf } from './ask.js';
import './page.js';
import { showParts } from './parts.js';
import './taste.js';
import { reasonInWords, say } from './words.js';

const article = document.querySelector('[data-restaurant]');
const id = article.dataset.restaurant;
const note = article.querySelector('#embedding-note');
const RETRY_MS = 1_000;

async function showTiming(entry) {
  const isWarm = entry?.description === 'stored';
  await showParts(`/explore/restaurants/${id}/timing${isWarm ? `?ms=${entry.ms}` : ''}`, {
    purpose: 'timing',
  });
}

async function read() {
  if (article.dataset.status !== 'ready') {
    article.dataset.status = 'pending';
    note.textContent = say('indexing');
  }
  const response = await ask(`/restaurants/${id}`, { onWait: (reason) => (note.textContent = reason) });
  if (!response.ok) {
    note.textContent = await rejectionOf(response);
    return;
  }
  const { embedding } = await response.json();
  const timing = timingsOf(response).embed;
  article.dataset.status = embedding.status;
  if (embedding.status === 'pending') {
    note.textContent = say('waiting', { reason: reasonInWords(embedding.reason) });
    setTimeout(() => void read(), RETRY_MS);
    return;
  }
  if (embedding.status === 'failed') {
    note.textContent = say('failed', { reason: reasonInWords(embedding.reason) });
  } else {
    note.textContent = say(timing?.description ?? 'stored');
    await showTiming(timing);
  }
  await showParts(`/explore/restaurants/${id}/similar`, { purpose: 'similar' });
}

void read();
