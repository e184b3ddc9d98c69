/** The machine: its panels kept up to date, its switches, and the list of failures. */
import { rejectionOf } from './ask.js';
import { listen } from './events.js';
import { announce } from './page.js';
import { showParts } from './parts.js';
import { send } from './send.js';
import { reasonInWords, say } from './words.js';

const EVERY_MS = 2_000;
/** Minimum time between two requests for the panels, however many events arrive. */
const LEAST_MS = 1_000;
/** Why the last switch was rejected, until another is pressed. */
let rejection;
let due;

const refresh = () => showParts('/explore/machine/state', { purpose: 'machine' });
function refreshSoon() {
  if (document.visibilityState === 'hidden') return;
  due ??= setTimeout(() => {
    due = undefined;
    void refresh();
  }, LEAST_MS);
}

/** Shows the rejection under its button again after the panels were replaced. */
function showRejection() {
  if (!rejection) return;
  const note = document.createElement('p');
  note.className = 'warning';
  note.textContent = rejection.reason;
  document.querySelector(`[data-send="${rejection.what}"]`)?.closest('.panel').append(note);
}

const unreachable = () => Response.json({ detail: say('unreachable') }, { status: 503 });

async function press(button) {
  const what = button.dataset.send;
  rejection = undefined;
  button.setAttribute('aria-disabled', 'true');
  const response = await send(...what.split(' ')).catch(unreachable);
  if (response && !response.ok) {
    rejection = { what, reason: await rejectionOf(response) };
    announce(rejection.reason);
  }
  await refresh();
  // The button that had the focus before the dialog may have been replaced meanwhile.
  if (document.activeElement === document.body) document.querySelector(`[data-send="${what}"]`)?.focus();
}

async function showFailures() {
  const response = await send('GET', '/embeddings/failures').catch(unreachable);
  if (!response) return;
  if (!response.ok) {
    announce(await rejectionOf(response));
    return;
  }
  const { items } = await response.json();
  const list = document.querySelector('#failure-list');
  list.replaceChildren(
    ...items.map(({ restaurantId, name, attempts, reason }) => {
      const item = document.createElement('li');
      const link = document.createElement('a');
      link.href = `/explore/restaurants/${restaurantId}`;
      link.textContent = name;
      item.append(link, ` · ${say('attempts', { n: attempts, reason: reasonInWords(reason) })}`);
      return item;
    }),
  );
  if (items.length === 0) list.textContent = say('noFailures');
  document.querySelector('#failures').hidden = false;
}

document.addEventListener('click', ({ target }) => {
  const button = target.closest?.('[data-send]');
  if (button && button.getAttribute('aria-disabled') !== 'true') void press(button);
  if (target.id === 'show-failures') void showFailures();
});
document.addEventListener('shown', showRejection);
document.addEventListener('visibilitychange', refreshSoon);
listen(['embedded', 'failed', 'model', 'backfill'], refreshSoon, refreshSoon);
setInterval(refreshSoon, EVERY_MS);
