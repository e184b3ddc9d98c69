/**
 * Runs a command with TEST_DATABASE_URL: the one that is set, else that of a PostgreSQL server of its own, which ends
 * with the command. Where none can be started the command runs without one, except under CI.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { startPostgres } from '../dist/test/support/postgres-server.js';

const [command, ...args] = process.argv.slice(2);
let server;
if (!process.env.TEST_DATABASE_URL) {
  try {
    server = await startPostgres();
    process.env.TEST_DATABASE_URL = server.url;
  } catch (error) {
    if (process.env.CI) throw error;
    process.stderr.write(`Tests on PostgreSQL skip: ${error.message}\n`);
  }
}
const child = spawn(command, args, { stdio: 'inherit' });
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
const [code] = await once(child, 'exit');
await server?.remove();
process.exitCode = code ?? 1;
