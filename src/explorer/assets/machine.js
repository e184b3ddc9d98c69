/** The machine: its panels, live, and its switches. */
import { reasonOf } from './ask.js';
import { listen } from './events.js';
import { show } from './fragments.js';
import { send } from './send.js';

const machine = document.querySelector('#machine');
const live = document.querySelector('#live');
const EVERY_MS = 2_000;
/** However many events come, the panels are asked for at most so often. */
const LEAST_MS = 1_000;
/** What a switch was refused with, until one is pressed again. */
let rejection;
let due;

const refresh = () => show(machine, '/explore/machine/state', { isAsked: false });
function refreshSoon() {
  if (document.visibilityState === 'hidden') return;
  due ??= setTimeout(() => {
    due = undefined;
    void refresh();
  }, LEAST_MS);
}

/** The panels are new each time: the rejection goes under its button again. */
function showRefusal() {
  if (!rejection) return;
  const note = document.createElement('p');
  note.className = 'warning';
  note.textContent = rejection.reason;
  machine.querySelector(`[data-send="${rejection.what}"]`)?.closest('.panel').append(note);
}

const unreachable = () => Response.json({ detail: 'The service cannot be reached.' }, { status: 503 });

async function press(button) {
  const what = button.dataset.send;
  rejection = undefined;
  live.textContent = '';
  button.setAttribute('aria-disabled', 'true');
  const response = await send(...what.split(' ')).catch(unreachable);
  if (response && !response.ok) {
    rejection = { what, reason: await reasonOf(response) };
    live.textContent = rejection.reason;
  }
  await refresh();
  // The button that had the focus before the dialog may have been exchanged behind it.
  if (document.activeElement === document.body) machine.querySelector(`[data-send="${what}"]`)?.focus();
}

machine.addEventListener('click', (event) => {
  const button = event.target.closest('[data-send]');
  if (button && button.getAttribute('aria-disabled') !== 'true') void press(button);
});
document.addEventListener('shown', showRefusal);
document.addEventListener('visibilitychange', refreshSoon);
listen(['embedded', 'failed', 'model', 'backfill'], refreshSoon, refreshSoon);
setInterval(refreshSoon, EVERY_MS);
