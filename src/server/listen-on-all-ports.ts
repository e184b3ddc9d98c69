/** Listens on the public port and, if configured, on the port for metrics: on both or on neither. */
import { clientLimits, type Config } from '../config/config.ts';
import type { ErrorLog } from '../http/middleware/error-handler.ts';
import type { Metrics } from '../telemetry/metrics.ts';
import type { RespondFirst } from '../http/warm-read.ts';
import { listenForMetrics } from './listen-for-metrics.ts';
import { listen, type Fetch, type HttpServer } from './listen.ts';
import type { LoadSheddingOptions } from './shed-load.ts';

export interface Served {
  readonly app: { readonly fetch: Fetch };
  /** Answers some requests without `app`. */
  readonly respondFirst: RespondFirst | undefined;
  readonly loadShedding: LoadSheddingOptions | undefined;
  readonly metrics: Metrics;
}

/** `port` is the public one. Throws a `CommandError` if a port cannot be used. */
export async function listenOnAllPorts(
  { app, respondFirst, loadShedding, metrics }: Served,
  config: Config,
  log: ErrorLog,
): Promise<HttpServer> {
  // First, so that no request is answered unless both ports can be used.
  const metricsServer = config.metricsPort > 0 ? await listenForMetrics(config, metrics, log) : undefined;
  const server = await listen(app.fetch, {
    ...config,
    ...clientLimits(config),
    respondFirst,
    loadShedding,
  }).catch(async (error: unknown) => {
    await metricsServer?.close(0);
    throw error;
  });
  return {
    port: server.port,
    async close(graceMs) {
      await Promise.all([server.close(graceMs), metricsServer?.close(graceMs)]);
    },
  };
}
