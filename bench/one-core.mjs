/**
 * With `--one-core` what is measured runs on core 0 with all its processes, and what measures on core 1, so that the
 * load generator takes nothing away. Without it, nobody is pinned.
 */
import { execFileSync } from 'node:child_process';
import { availableParallelism } from 'node:os';

export const isOneCore = process.argv.includes('--one-core');
const [MEASURED, MEASURING] = ['0', '1'];

/** A shell command for the start of what is measured. */
export const pinMeasured = isOneCore ? `taskset -pc ${MEASURED} $$ >/dev/null` : ':';

/** To be called once, before anything is started: children inherit the core until they pin themselves. */
export function pinThisProcess() {
  if (!isOneCore) return;
  if (availableParallelism() < 2) throw new Error('--one-core needs a second core for the load generator');
  execFileSync('taskset', ['-apc', MEASURING, String(process.pid)], { stdio: 'ignore' });
}
