/** Writes openapi.json as the built service serves it. A test holds the file against the service. */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';

const root = resolve(import.meta.dirname, '..');
const folder = mkdtempSync(join(tmpdir(), 'tastematch-openapi-'));
const service = spawn(process.execPath, [join(root, 'dist/src/main.js'), 'serve'], {
  cwd: root,
  env: { PORT: '0', DATABASE_PATH: join(folder, 'openapi.db') },
  stdio: ['ignore', 'pipe', 'inherit'],
});
try {
  for await (const line of createInterface({ input: service.stdout })) {
    if (!line.includes('"listening"')) continue;
    const document = await (await fetch(`${JSON.parse(line).address}/openapi.json`)).json();
    writeFileSync(join(root, 'openapi.json'), `${JSON.stringify(document, null, 2)}\n`);
    break;
  }
} finally {
  service.kill('SIGTERM');
  rmSync(folder, { recursive: true, force: true });
}
