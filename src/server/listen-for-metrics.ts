/** Serves /metrics on its own port, without a key: for a network that only the operator can reach. */
import type { Config } from '../config/config.ts';
import { isLoopbackHost } from '../config/config.ts';
import { shorten } from '../http/contract/shorten.ts';
import { Problem, problemResponse } from '../http/contract/problem.ts';
import { createRouter } from '../http/contract/router.ts';
import { createErrorHandler, type ErrorLog } from '../http/middleware/error-handler.ts';
import { hostGuard } from '../http/middleware/origin-guard.ts';
import { responseHeaders } from '../http/middleware/response-headers.ts';
import { addMetricsRoute } from '../http/routes/metrics-route.ts';
import type { Metrics } from '../telemetry/metrics.ts';
import { listen, type HttpServer } from './listen.ts';

export function listenForMetrics(
  { host: publicHost, metricsHost, metricsPort }: Pick<Config, 'host' | 'metricsHost' | 'metricsPort'>,
  metrics: Metrics,
  log: ErrorLog,
): Promise<HttpServer> {
  const host = metricsHost || publicHost;
  const app = createRouter();
  app.onError(createErrorHandler(log));
  app.notFound((c) =>
    problemResponse(c, new Problem('path-not-found', `No such path: ${shorten(c.req.path)}`)),
  );
  app.use(responseHeaders);
  if (isLoopbackHost(host)) app.use(hostGuard);
  addMetricsRoute(app, { metrics, access: (_c, next) => next() });
  return listen(app.fetch, { host, port: metricsPort, portVariable: 'METRICS_PORT' });
}
