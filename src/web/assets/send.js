/** Requests that change something: they ask for the API key when the service wants one. */

const KEY = 'tastematch-key';

function askForKey() {
  const dialog = document.querySelector('#key-dialog');
  const input = dialog.querySelector('#key');
  input.value = '';
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener('close', () => resolve(dialog.returnValue === 'ok' ? input.value : ''), {
      once: true,
    });
  });
}

/** Gives the answer, or undefined when nobody gave a key. */
export async function send(method, path, body) {
  for (;;) {
    const key = sessionStorage.getItem(KEY);
    const response = await fetch(path, {
      method,
      headers: {
        ...(body !== undefined && { 'Content-Type': 'application/json' }),
        ...(key && { Authorization: `Bearer ${key}` }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    if (response.status !== 401) return response;
    sessionStorage.removeItem(KEY);
    const given = await askForKey();
    if (given === '') return undefined;
    sessionStorage.setItem(KEY, given);
  }
}
