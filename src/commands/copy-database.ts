/** `tastematch copy --from … --to …`: moves a whole database to another engine, or back. */
import { existsSync } from 'node:fs';
import { CommandError } from '../config/expected-error.ts';
import { openCopy } from '../storage/open-copy.ts';
import { copyCatalogue } from '../transfer/copy-catalogue.ts';
import { createTerminalProgress } from './terminal-progress.ts';

export async function copyDatabase({
  from,
  to,
}: {
  readonly from: string;
  readonly to: string;
}): Promise<void> {
  if (from === to) throw new CommandError('--from and --to name the same database.');
  const file = /^sqlite:(.+)$/.exec(from)?.[1];
  if (file !== undefined && !existsSync(file)) throw new CommandError(`${file} does not exist.`);
  const source = await openCopy(from);
  try {
    const target = await openCopy(to);
    const progress = createTerminalProgress('copy');
    try {
      const report = await copyCatalogue(source, target, (done, total) =>
        progress.update(done, total, 'restaurants'),
      );
      process.stdout.write(`${JSON.stringify(report)}\n`);
    } finally {
      progress.stop();
      await target.close();
    }
  } finally {
    await source.close();
  }
}
