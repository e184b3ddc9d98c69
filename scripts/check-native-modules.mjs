/** Runs once after install: says which native module is missing and how to get it, rather than failing later. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const require = createRequire(import.meta.url);

/**
 * better-sqlite3 12, compiled against the headers of Node 24.19 or newer, aborts the process when garbage collection
 * runs outside of JavaScript (nodejs/node issue 65446). Its prebuilt binaries are made with earlier headers, and such
 * a binary is sound with every Node 24. Only the faulty headers refer to this function.
 */
function isCompiledWithFaultyHeaders() {
  try {
    const folder = dirname(require.resolve('better-sqlite3/package.json'));
    return readFileSync(join(folder, 'build/Release/better_sqlite3.node')).includes(
      'RemoveEnvironmentCleanupHook',
    );
  } catch {
    return false;
  }
}

/** Exits at once: a process that has opened a database with such a binary aborts when it ends. */
if (isCompiledWithFaultyHeaders()) {
  process.stderr.write(
    `tastematch: better-sqlite3 was compiled for Node ${process.versions.node}, with which it aborts the process at any time.\n` +
      '  Use Node 20, 22 or 24.18, and run "npm ci" again. docs/deploy.md says why.\n',
  );
  process.exit(1);
}

const checks = {
  'better-sqlite3': () => new (require('better-sqlite3'))(':memory:').close(),
  'sqlite-vec': () => {
    const database = new (require('better-sqlite3'))(':memory:');
    require('sqlite-vec').load(database);
    database.close();
  },
  'onnxruntime-node': () => require('onnxruntime-node'),
  usearch: () => require('usearch'),
};

const advice = {
  'better-sqlite3':
    'It is compiled on machines without a prebuilt binary: install python3, make and a C++ compiler, then run "npm rebuild better-sqlite3".',
  'sqlite-vec': 'It comes as an optional package for the platform: run "npm ci" without --omit=optional.',
  usearch: 'It has prebuilt binaries for linux and macOS on x64 and arm64: run "npm ci" again there.',
  'onnxruntime-node':
    'It needs glibc (not Alpine) on x64 or arm64: run "npm ci" again on a supported system.',
};

let missing = 0;
for (const [name, check] of Object.entries(checks)) {
  try {
    check();
  } catch (error) {
    missing += 1;
    const reason = String(error.message).split('\n')[0];
    process.stderr.write(
      `tastematch: the native module ${name} does not load: ${reason}\n  ${advice[name]}\n`,
    );
  }
}
process.exitCode = missing > 0 ? 1 : 0;
