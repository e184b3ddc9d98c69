/** The entry: reads the command line and runs one command. */
import { Command } from 'commander';
import { ConfigError, readConfig } from './config.ts';
import { serve } from './commands/serve.ts';

const program = new Command('tastematch').description(
  'A lazy, on-demand embedding service for restaurant catalogues.',
);

program
  .command('serve')
  .description('serve the HTTP API (configured by environment variables)')
  .option('--sample-data', 'on an empty database, load the sample catalogue first', false)
  .action(async ({ sampleData }: { sampleData: boolean }) => {
    await serve(readConfig(process.env), { sampleData });
  });

try {
  await program.parseAsync();
} catch (error) {
  const expected = error instanceof ConfigError || (error instanceof Error && 'expected' in error);
  process.stderr.write(
    `tastematch: ${expected ? error.message : ((error as Error).stack ?? String(error))}\n`,
  );
  process.exitCode = 1;
}
