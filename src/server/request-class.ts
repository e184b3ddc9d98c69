/** Which requests are served first when there are too many. */
import type { IncomingMessage } from 'node:http';
import { probePaths } from '../http/contract/probe-paths.ts';

/**
 * - `probe`: health checks; they never wait.
 * - `priority`: reads of one restaurant, which cost least, and everything that writes or administers, which only
 *   clients with a key can do where keys are set.
 * - `ordinary`: lists, searches, similarity and pages.
 */
export type RequestClass = 'probe' | 'priority' | 'ordinary';

const priorityPath = /^\/(restaurants\/\d+|metrics|model)(\?|$)/;
const readMethods = new Set(['GET', 'HEAD']);

export function requestClassOf({
  method = 'GET',
  url = '/',
}: Pick<IncomingMessage, 'method' | 'url'>): RequestClass {
  if (probePaths.has(url)) return 'probe';
  const isWrite = !readMethods.has(method) && !url.startsWith('/recommendations');
  return isWrite || priorityPath.test(url) ? 'priority' : 'ordinary';
}
