/** The machine: its panels, live, and its switches. */
import { show } from './fragments.js';
import { send } from './send.js';

const machine = document.querySelector('#machine');
const live = document.querySelector('#live');
const EVERY_MS = 2_000;
let due;

const refresh = () => show(machine, '/explore/machine/state');
/** Many events make one refresh. */
function refreshSoon() {
  due ??= setTimeout(() => {
    due = undefined;
    void refresh();
  }, 200);
}

machine.addEventListener('click', async (event) => {
  const button = event.target.closest('[data-send]');
  if (!button) return;
  const [method, path] = button.dataset.send.split(' ');
  button.disabled = true;
  const response = await send(method, path);
  if (response && !response.ok) live.textContent = (await response.json()).detail;
  await refresh();
});

const events = new EventSource('/events');
for (const type of ['embedded', 'failed', 'model', 'backfill']) events.addEventListener(type, refreshSoon);
setInterval(refreshSoon, EVERY_MS);
