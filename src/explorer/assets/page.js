/** Common to all pages: the mark that scripts run, copy buttons, the API drawer, and messages. */
import { milliseconds, say } from './words.js';

document.documentElement.classList.add('scripted');

const live = document.querySelector('#live');
const SHOWN_MS = 8_000;
let hiding;

/** Shows a message for a while, announced by assistive technology, with an optional button to undo the action. */
export function announce(text, undo) {
  live.replaceChildren(text);
  live.classList.add('shown');
  if (undo) {
    const button = document.createElement('button');
    button.type = 'button';
    button.textContent = say('undo');
    button.addEventListener('click', () => {
      hide();
      undo();
    });
    live.append(' ', button);
  }
  clearTimeout(hiding);
  hiding = setTimeout(hide, SHOWN_MS);
}
function hide() {
  live.replaceChildren();
  live.classList.remove('shown');
}

async function run({ dataset: { run: path, method, body } }, item) {
  const startedAt = performance.now();
  const response = await fetch(path, {
    method,
    body,
    headers: { Accept: 'application/json', ...(body && { 'Content-Type': 'application/json' }) },
  });
  const text = await response.text();
  const ms = performance.now() - startedAt;
  item.querySelector('[data-took]').textContent = say('took', {
    status: response.status,
    ms: milliseconds(ms),
  });
  const answer = item.querySelector('[data-answer]');
  answer.hidden = false;
  try {
    answer.textContent = JSON.stringify(JSON.parse(text), undefined, 2);
  } catch {
    answer.textContent = text;
  }
}

async function copy(text, message) {
  await navigator.clipboard?.writeText(text).then(
    () => announce(message),
    () => undefined,
  );
}

document.addEventListener('click', (event) => {
  const button = event.target.closest?.('[data-copy], [data-run], [data-share]');
  if (!button) return;
  if (button.dataset.run) void run(button, button.closest('li')).catch(() => announce(say('unreachable')));
  else if (button.dataset.copy) void copy(button.dataset.copy, say('copied'));
  else void copy(location.href, say('linkCopied'));
});
