#!/usr/bin/env node
/** The entry: reads the command line and runs one command. */
import { Command, InvalidArgumentError, Option } from 'commander';
import { describeError } from './config/expected-error.ts';
import { readConfig } from './config/config.ts';
import { keepV8Small } from './v8-flags.ts';

keepV8Small();

const program = new Command('tastematch').description(
  'A lazy, on-demand embedding service for restaurant catalogues. Every command is configured by the same ' +
    'environment variables as the service.',
);

const batchSize = (max: number, about: string, fallback: number) =>
  new Option('--batch-size <n>', about).default(fallback).argParser((text) => {
    const value = Number(text);
    if (Number.isInteger(value) && value >= 1 && value <= max) return value;
    throw new InvalidArgumentError(`It must be a whole number from 1 to ${max}.`);
  });

program
  .command('serve')
  .description('serve the HTTP API')
  .option('--sample-data', 'on an empty database, load the sample catalogue first', false)
  .action(async (options: { sampleData: boolean }) => {
    const { serve } = await import('./commands/serve.ts');
    await serve(readConfig(process.env), options);
  });

program
  .command('import')
  .description('import restaurants from NDJSON, a JSON array, CSV or TSV, also while a service is running')
  .argument('<file>', 'the file, or - for standard input')
  .addOption(
    new Option('--format <format>', 'by default from the name of the file, or from how it begins').choices([
      'ndjson',
      'json',
      'csv',
      'tsv',
    ]),
  )
  .option('--charset <label>', 'the encoding of the file, such as windows-1252', 'utf-8')
  .addOption(
    new Option('--unknown-fields <policy>', 'fields that a restaurant does not have')
      .choices(['refuse', 'ignore', 'store'])
      .default('refuse'),
  )
  .option('--skip-existing', 'leave restaurants that exist as they are', false)
  .option('--dry-run', 'say what would happen, store nothing', false)
  .addOption(batchSize(1_000, 'restaurants a transaction', 1_000))
  .action(async (file: string, options) => {
    const { importCatalogue } = await import('./commands/import-catalogue.ts');
    await importCatalogue(readConfig(process.env), file, options);
  });

program
  .command('export')
  .description('export the catalogue as NDJSON or CSV, which can be imported again')
  .argument('[file]', 'the file, or - for standard output', '-')
  .addOption(
    new Option('--format <format>', 'NDJSON, or CSV for a file named .csv').choices(['ndjson', 'csv']),
  )
  .action(async (file: string, { format }: { format?: 'ndjson' | 'csv' }) => {
    const { exportCatalogue } = await import('./commands/export-catalogue.ts');
    const named = file.endsWith('.csv') ? 'csv' : 'ndjson';
    await exportCatalogue(readConfig(process.env), file, format ?? named);
  });

program
  .command('backfill')
  .description('embed what is not embedded, most viewed first')
  .addOption(batchSize(100, 'texts between two looks at the share of the processor', 3))
  .action(async (options: { batchSize: number }) => {
    const { runBackfill } = await import('./commands/run-backfill.ts');
    await runBackfill(readConfig(process.env), options);
  });

const vectors = program.command('vectors').description('move vectors from one machine to another');
vectors
  .command('export')
  .description('write every current vector into a pack')
  .argument('<file>', 'the file, or - for standard output')
  .action(async (file: string) => {
    const { exportVectors } = await import('./commands/vector-packs.ts');
    await exportVectors(readConfig(process.env), file);
  });
vectors
  .command('import')
  .description('give every restaurant whose text is in the pack its vector, also beside a running service')
  .argument('<file>', 'the file, or - for standard input')
  .action(async (file: string) => {
    const { importVectors } = await import('./commands/vector-packs.ts');
    await importVectors(readConfig(process.env), file);
  });

program
  .command('backup')
  .description('copy the database while it is in use, and check the copy')
  .argument('<file>', 'a new file')
  .action(async (file: string) => {
    const { backupDatabase } = await import('./commands/backup-database.ts');
    await backupDatabase(readConfig(process.env), file);
  });

program
  .command('restore')
  .description(
    'put a backup in the place of the database, which is kept beside it; no service may be running',
  )
  .argument('<file>', 'a file that backup has made')
  .action(async (file: string) => {
    const { restoreDatabase } = await import('./commands/backup-database.ts');
    await restoreDatabase(readConfig(process.env), file);
  });

program
  .command('copy')
  .description('copy the whole database to another engine, or what has changed since the last copy')
  .option('--from <url>', 'sqlite:FILE or postgres://…, by default the file in DATABASE_PATH')
  .option('--to <url>', 'sqlite:FILE or postgres://…, by default DATABASE_URL')
  .action(async (options: { from?: string; to?: string }) => {
    const { copyDatabase } = await import('./commands/copy-database.ts');
    const { databasePath, databaseUrl } = readConfig(process.env);
    await copyDatabase({ from: options.from ?? `sqlite:${databasePath}`, to: options.to ?? databaseUrl });
  });

program
  .command('doctor')
  .description(
    'look over configuration, model, database, disk and memory; the exit code says whether all is well',
  )
  .option('--json', 'for programs', false)
  .action(async (options: { json: boolean }) => {
    const { doctor } = await import('./commands/doctor.ts');
    await doctor(process.env, options);
  });

try {
  await program.parseAsync();
} catch (error) {
  process.stderr.write(`tastematch: ${describeError(error as Error)}\n`);
  process.exitCode = 1;
}
