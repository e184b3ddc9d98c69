/** Asks for the API key when a request needs one. */
import type { View } from './view.ts';

export const KeyDialog = ({ view: { words } }: { view: View }) => (
  <dialog id="key-dialog" aria-labelledby="key-title">
    <form method="dialog">
      <h2 id="key-title">{words.key.title}</h2>
      <label for="key">{words.key.label}</label>
      <input id="key" type="password" autocomplete="off" required />
      <p class="note">{words.key.note}</p>
      <p class="warning" id="key-note" role="status" />
      <div class="actions">
        <button type="button" id="key-cancel">
          {words.key.cancel}
        </button>
        <button value="ok" class="primary">
          {words.key.submit}
        </button>
      </div>
    </form>
  </dialog>
);
