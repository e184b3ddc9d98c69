/** `tastematch serve`: opens the service, listens, and shuts down without losing a response. */
import { pino } from 'pino';
import type { Config } from '../config/config.ts';
import { listenOnAllPorts } from '../server/listen-on-all-ports.ts';
import { nextStopSignal } from '../server/stop-signal.ts';
import { addressOf, printFirstSteps } from './first-steps.ts';
import { loadSampleData } from './load-sample-data.ts';
import { openService } from './open-service.ts';

/** In-flight requests get this long to complete; Fly ends the process 5 s after the signal. */
const SHUTDOWN_GRACE_MS = 3_500;

export async function serve(config: Config, { sampleData }: { readonly sampleData: boolean }): Promise<void> {
  const log = pino({ level: config.logLevel });
  const service = await openService(config, log);
  const loaded = sampleData ? await loadSampleData(service.stores) : 0;
  // Before `listening` is logged: a signal may follow at once.
  const stopSignal = nextStopSignal();
  const servers = await listenOnAllPorts(service, config, log);

  const address = addressOf(config.host, servers.port);
  const database = config.databaseUrl ? 'PostgreSQL' : config.databasePath;
  log.info({ address, database, model: service.modelName, instance: service.stores.instance }, 'listening');
  if (sampleData) printFirstSteps(address, loaded);
  // With the sample data the first reads show on-demand embedding; the rest follows in the background.
  if (loaded > 0) service.embedAllAfterFirstRanking();
  await service.start();

  log.info({ signal: await stopSignal }, 'shutting down');
  await service.close(() => servers.close(SHUTDOWN_GRACE_MS));
  log.info('stopped');
}
