/**
 * What happens in the service, while this page can be seen: a browser allows six connections to one host, and every
 * open stream is one of them.
 */

const RETRY_MS = 5_000;

/**
 * `onEvent` gets the type and the data of each event. `onOpen` is told whenever the stream begins, and once if the
 * first attempt fails: what happened before that has to be looked up.
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
      // The browser comes back by itself after a cut connection, but not after a rejection.
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
