/** Serves /metrics on a port of its own, without a key: for a network that only the operator reaches. */
import type { Config } from '../config/config.ts';
import { addMetricsRoute } from '../http/routes/metrics-route.ts';
import type { Metrics } from '../telemetry/metrics.ts';
import { createRouter } from '../http/contract/router.ts';
import { listen, type HttpServer } from './listen.ts';

export function listenForMetrics(
  { host, metricsPort }: Pick<Config, 'host' | 'metricsPort'>,
  metrics: Metrics,
): Promise<HttpServer> {
  const app = createRouter();
  addMetricsRoute(app, { metrics, guard: (_c, next) => next() });
  return listen(app.fetch, { host, port: metricsPort, portVariable: 'METRICS_PORT' });
}
