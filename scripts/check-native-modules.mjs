/** Runs once after install: says which native module is missing and how to get it, rather than failing later. */
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);

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
