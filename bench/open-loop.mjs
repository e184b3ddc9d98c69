/**
 * A load generator that sends by the clock, whether answers come or not, as many clients do that know nothing of each
 * other. It waits for no answer but for a free connection when all are taken: what then is not sent is counted. `node
 * open-loop.mjs URL RATE SECONDS ROWS WARM`, in a process of its own; see `offer`.
 */
import { spawn } from 'node:child_process';
import { Agent, get } from 'node:http';
import { getPriority, setPriority } from 'node:os';
import { fileURLToPath } from 'node:url';

const self = fileURLToPath(import.meta.url);
/** Requests that may be under way: below the service's limit of connections, with room for others. */
export const MOST_UNDER_WAY = 900;
const TICK_MS = 4;
const LATEST_ANSWER_MS = 10_000;

/**
 * Offers so many requests a second. Gives counts by status, requests that were not sent or not answered, and `[kind,
 * status, ms]` of a sample of the answers.
 */
export function offer(url, rate, seconds, { rows, warm }) {
  return new Promise((resolve, reject) => {
    const args = [self, url, rate, seconds, rows, warm].map(String);
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    let text = '';
    child.stdout.setEncoding('utf8').on('data', (chunk) => (text += chunk));
    child.once('close', (code) =>
      code === 0 ? resolve(JSON.parse(text)) : reject(new Error(`the load generator ended with ${code}`)),
    );
  });
}

/** Of 20 requests: 14 warm reads, 3 lists, a similarity, a search, a first read. */
function createMix(rows, warm) {
  const id = () => 1 + Math.floor(Math.random() * warm);
  let cold = warm;
  const kinds = [
    ...Array.from({ length: 14 }, () => ['read', () => `/restaurants/${id()}`]),
    ...Array.from({ length: 3 }, () => ['list', () => '/restaurants?limit=20&minRating=4']),
    ['similar', () => `/restaurants/${id()}/similar`],
    ['search', () => `/search?q=queijo${id()}`],
    ['first read', () => `/restaurants/${(cold = cold < rows ? cold + 1 : warm + 1)}`],
  ];
  return () => {
    const [kind, path] = kinds[Math.floor(Math.random() * kinds.length)];
    return { kind, path: path() };
  };
}

async function generate([url, rateText, secondsText, rows, warm]) {
  const [rate, seconds] = [Number(rateText), Number(secondsText)];
  const next = createMix(Number(rows), Number(warm));
  const agent = new Agent({ keepAlive: true, maxSockets: MOST_UNDER_WAY });
  const result = { statuses: {}, due: 0, notSent: 0, notAnswered: 0, sample: [] };
  /** About 200,000 answers are kept, however long it takes. */
  const kept = Math.min(1, 200_000 / (rate * seconds));
  let underWay = 0;

  function send() {
    const { kind, path } = next();
    const startedAt = performance.now();
    let isOver = false;
    const finish = (status) => {
      if (isOver) return;
      isOver = true;
      underWay -= 1;
      if (status === undefined) result.notAnswered += 1;
      else result.statuses[status] = (result.statuses[status] ?? 0) + 1;
      if (status && Math.random() < kept) result.sample.push([kind, status, performance.now() - startedAt]);
    };
    underWay += 1;
    const request = get(url + path, { agent, timeout: LATEST_ANSWER_MS }, (response) => {
      response
        .resume()
        .once('end', () => finish(response.statusCode))
        .once('error', () => finish());
    });
    request.once('error', () => finish()).once('timeout', () => request.destroy(new Error('too late')));
  }

  const startedAt = performance.now();
  await new Promise((resolve) => {
    const timer = setInterval(() => {
      const elapsed = Math.min(performance.now() - startedAt, seconds * 1_000);
      for (const due = Math.floor((elapsed / 1_000) * rate); result.due < due; result.due += 1) {
        if (underWay < MOST_UNDER_WAY) send();
        else result.notSent += 1;
      }
      if (elapsed >= seconds * 1_000) resolve(clearInterval(timer));
    }, TICK_MS);
  });
  const end = performance.now() + LATEST_ANSWER_MS;
  while (underWay > 0 && performance.now() < end) await new Promise((resolve) => setTimeout(resolve, 50));
  result.notAnswered += underWay;
  process.stdout.write(JSON.stringify(result), () => process.exit(0));
}

if (process.argv[1] === self) {
  // The probes share its core and must not wait for it.
  setPriority(Math.min(19, getPriority() + 5));
  await generate(process.argv.slice(2));
}
