/** The map's button that reads a restaurant nobody has read yet. */
import { ask, reasonOf } from './ask.js';

export function addLightButton(dots) {
  const button = document.querySelector('#light');
  const note = document.querySelector('#light-note');

  async function light() {
    const unlit = dots.unlit();
    const dot = unlit[Math.floor(Math.random() * unlit.length)];
    if (!dot) {
      note.textContent = 'Every one is lit.';
      return;
    }
    const response = await ask(`/restaurants/${dot.id}`, { onWait: (reason) => (note.textContent = reason) });
    if (!response.ok) {
      note.textContent = await reasonOf(response);
      return;
    }
    const { embedding } = await response.json();
    const ms = /dur=([\d.]+)/.exec(response.headers.get('Server-Timing') ?? '')?.[1];
    const outcome = embedding.status === 'ready' ? ms && `${Math.round(Number(ms))} ms` : embedding.status;
    const link = document.createElement('a');
    link.href = `/explore/restaurants/${dot.id}`;
    link.textContent = 'open';
    note.replaceChildren([dot.name, outcome].filter(Boolean).join(' · '), ' · ', link);
  }

  button.addEventListener('click', async () => {
    if (button.getAttribute('aria-disabled') === 'true') return;
    button.setAttribute('aria-disabled', 'true');
    await light();
    button.removeAttribute('aria-disabled');
  });
}
