/** Requests that change something: they ask for the API key if the service requires one. */
import { say } from './words.js';

const KEY = 'tastematch-key';

function askForKey(note) {
  const dialog = document.querySelector('#key-dialog');
  const input = dialog.querySelector('#key');
  input.value = '';
  dialog.returnValue = '';
  dialog.querySelector('#key-note').textContent = note;
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener('close', () => resolve(dialog.returnValue === 'ok' ? input.value : ''), {
      once: true,
    });
  });
}

document.querySelector('#key-cancel').addEventListener('click', ({ target }) => {
  target.closest('dialog').close('');
});

/** Resolves with the response, or with undefined if no key was entered. */
export async function send(method, path) {
  for (;;) {
    const key = sessionStorage.getItem(KEY);
    const response = await fetch(path, { method, headers: key ? { Authorization: `Bearer ${key}` } : {} });
    if (response.status !== 401) return response;
    sessionStorage.removeItem(KEY);
    const given = await askForKey(key === null ? '' : say('badKey'));
    if (given === '') return undefined;
    sessionStorage.setItem(KEY, given);
  }
}
