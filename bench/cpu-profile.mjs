/** Whose time it is in a CPU profile of V8: our own files, packages, Node, SQLite, ONNX Runtime, garbage collection. */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

const SQLITE = 'sqlite (native, with better-sqlite3)';
const IDLE = new Set(['(idle)', '(root)']);
/** better-sqlite3's functions are native: their frames have a name, but no file. */
const sqliteFunctions = new Set([
  'get',
  'all',
  'run',
  'exec',
  'prepare',
  'pluck',
  'iterate',
  'next',
  'Statement',
]);

/** The owner of a frame that has a file. */
function ownerOfFile(url) {
  const ours = /\/dist\/src\/(.+)$/.exec(url)?.[1];
  if (ours) return `ours: ${ours}`;
  const installed = /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(url)?.[1];
  if (installed) return installed === 'better-sqlite3' ? SQLITE : installed;
  return 'node';
}

/** What a native frame does belongs to who called it; SQLite and ONNX Runtime are named. */
function ownerOf({ functionName, url }, caller) {
  if (functionName === '(garbage collector)') return 'garbage collection';
  if (functionName === '(program)') return 'native code outside JavaScript (V8, libuv, kernel)';
  if (url) return ownerOfFile(url);
  if (caller?.startsWith('onnxruntime')) return 'onnxruntime-node';
  if (caller?.startsWith('node')) return 'node, native (sockets, files, messages)';
  const isQuery =
    sqliteFunctions.has(functionName) && /^ours: (store|http|commands)|^sqlite/.test(caller ?? '');
  return isQuery
    ? 'sqlite (native, with better-sqlite3)'
    : (caller ?? 'node, native (sockets, files, messages)');
}

/**
 * Share of a frame's samples that are on lines which run a statement: V8 counts a native call that it has inlined as
 * the caller's own time.
 */
function shareInStatements({ callFrame: { url }, positionTicks = [], hitCount }) {
  if (!url.includes('/dist/src/storage/') || hitCount === 0) return 0;
  const lines = readFileSync(new URL(url), 'utf8').split('\n');
  const inside = positionTicks.filter(({ line }) => /\.(get|all|run|iterate)\(/.test(lines[line - 1] ?? ''));
  return inside.reduce((sum, { ticks }) => sum + ticks, 0) / hitCount;
}

/** µs of the clock that V8 uses: what came before it can be left out of a profile. */
export const nowMicros = () => Number(process.hrtime.bigint() / 1_000n);

/**
 * `[owner, share]` of the time that is not idle, largest first, of the only profile in a folder, from `sinceMicros` on.
 */
export function readShares(folder, sinceMicros) {
  const name = readdirSync(folder).find((file) => file.endsWith('.cpuprofile'));
  if (!name) throw new Error(`no profile in ${folder}: the process did not end by itself`);
  const { nodes, samples, timeDeltas, startTime } = JSON.parse(readFileSync(join(folder, name), 'utf8'));
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const owners = new Map();
  const inStatements = new Map(nodes.map((node) => [node.id, shareInStatements(node)]));
  // From the root down: parents come before their children.
  const visit = (node, caller) => {
    const owner = ownerOf(node.callFrame, caller);
    owners.set(node.id, owner);
    for (const child of node.children ?? []) visit(byId.get(child), owner);
  };
  visit(nodes[0], undefined);
  const times = new Map();
  const add = (owner, micros) => times.set(owner, (times.get(owner) ?? 0) + micros);
  let all = 0;
  let at = startTime;
  for (const [index, id] of samples.entries()) {
    at += timeDeltas[index];
    if (at < sinceMicros || IDLE.has(byId.get(id).callFrame.functionName)) continue;
    const native = inStatements.get(id) * timeDeltas[index];
    add(owners.get(id), timeDeltas[index] - native);
    add(SQLITE, native);
    all += timeDeltas[index];
  }
  return [...times].map(([owner, time]) => [owner, time / all]).sort((a, b) => b[1] - a[1]);
}
