/** The requests behind a page, as commands to copy and to run. */
import type { ApiRequest, View } from './view.ts';

/** Single quotes end, are escaped, and begin again: safe in every POSIX shell. */
const quote = (text: string) =>
  /^[\w:/.-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;

export function toCurl(origin: string, { method, path, body }: ApiRequest): string {
  const url = quote(origin + path);
  if (body === undefined) return method === 'GET' ? `curl ${url}` : `curl -X ${method} ${url}`;
  return `curl ${url} -H 'Content-Type: application/json' -d ${quote(JSON.stringify(body))}`;
}

const Request = ({ view: { origin, words }, request }: { view: View; request: ApiRequest }) => (
  <li>
    <div class="command">
      <code tabindex={0}>{toCurl(origin, request)}</code>
      <button type="button" class="needs-script" data-copy={toCurl(origin, request)}>
        {words.drawer.copy}
      </button>
      <button
        type="button"
        class="needs-script"
        data-run={request.path}
        data-method={request.method}
        data-body={request.body === undefined ? undefined : JSON.stringify(request.body)}
      >
        {words.drawer.run}
      </button>
      {request.method === 'GET' && (
        <a class="no-script" href={request.path}>
          {words.drawer.open}
        </a>
      )}
    </div>
    <p class="note" role="status" data-took />
    <pre data-answer tabindex={0} hidden />
  </li>
);

export const ApiDrawer = ({ view, requests }: { view: View; requests: readonly ApiRequest[] }) => (
  <details class="drawer" id="api-drawer">
    <summary>{view.words.drawer.summary(requests.length)}</summary>
    <p class="note">{view.words.drawer.intro}</p>
    <ol>
      {requests.map((request) => (
        <Request view={view} request={request} />
      ))}
    </ol>
  </details>
);
