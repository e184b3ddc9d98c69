/** The button of the tray: reads a restaurant that is not indexed yet. */
import { ask, rejectionOf, timingsOf } from './ask.js';
import { announce } from './page.js';
import { milliseconds, reasonInWords, say } from './words.js';

export function addLightButton(dots) {
  const button = document.querySelector('#light');

  async function light() {
    const unlit = dots.unlit();
    const dot = unlit[Math.floor(Math.random() * unlit.length)];
    if (!dot) return announce(say('allLit'));
    const response = await ask(`/restaurants/${dot.id}`, { onWait: announce });
    if (!response.ok) return announce(await rejectionOf(response));
    const { embedding } = await response.json();
    const { status, reason } = embedding;
    if (status !== 'ready') return announce(say('waiting', { reason: reasonInWords(reason) }));
    announce(say('lit', { name: dot.name, ms: milliseconds(timingsOf(response).embed.ms) }));
  }

  button.addEventListener('click', async () => {
    if (button.getAttribute('aria-disabled') === 'true') return;
    button.setAttribute('aria-disabled', 'true');
    await light();
    button.removeAttribute('aria-disabled');
  });
}
