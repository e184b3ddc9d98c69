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
  // Before `listening` is logged, so that a signal that follows at once is not lost.
  const stopSignal = nextStopSignal();
  const servers = await listenOnAllPorts(service, config, log);

  const address = addressOf(config.host, servers.port);
  const database = config.databaseUrl ? 'PostgreSQL' : config.databasePath;
  log.info({ address, database, model: service.modelName }, 'listening');
  if (sampleData) printFirstSteps(address, loaded);
  // The tour begins without vectors; once it has shown how they come, the rest need not be waited for.
  if (loaded > 0) service.embedAllAfterFirstRanking();
  await service.start();

  log.info({ signal: await stopSignal }, 'shutting down');
  await service.close(() => servers.close(SHUTDOWN_GRACE_MS));
  log.info('stopped');
}
