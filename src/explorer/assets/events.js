/**
 * Server-sent events while the page is visible: a browser allows six connections to one host, and every open stream
 * is one of them.
 */

const RETRY_MS = 5_000;

/**
 * Calls `onEvent` with the type and the data of each event, and `onOpen` whenever the stream begins, also when the
 * first attempt fails: earlier events are not repeated, so the caller loads the current state then.
 */
export function listen(types, onEvent, onOpen) {
  let source;
  let isFirst = true;

  function opened() {
    onOpen({ isFirst });
    isFirst = false;
  }
  function open() {
    if (source || document.visibilityState === 'hidden') return;
    source = new EventSource('/events');
    for (const type of types) source.addEventListener(type, ({ data }) => onEvent(type, JSON.parse(data)));
    source.addEventListener('open', opened);
    source.addEventListener('error', () => {
      if (isFirst) opened();
      // Browsers reconnect by themselves after a lost connection, but not after a rejection.
      if (source?.readyState !== EventSource.CLOSED) return;
      close();
      setTimeout(open, RETRY_MS);
    });
  }
  function close() {
    source?.close();
    source = undefined;
  }

  document.addEventListener('visibilitychange', () =>
    document.visibilityState === 'hidden' ? close() : open(),
  );
  open();
}
