/** Several services on one PostgreSQL database. */
import type { TestContext } from 'node:test';
import { createPostgresDatabase } from './postgres.ts';
import { afterwards, startService, type Service } from './service.ts';

export interface Processes {
  readonly url: string;
  readonly services: readonly Service[];
  /** Starts one more. */
  start(environment?: Record<string, string>): Promise<Service>;
}

export async function startProcesses(
  t: TestContext,
  count: number,
  environment: Record<string, string> = {},
): Promise<Processes> {
  const { url, drop } = await createPostgresDatabase();
  afterwards(t, drop);
  const start = (own: Record<string, string> = {}) =>
    startService(t, { DATABASE_URL: url, ...environment, ...own });
  const services: Service[] = [];
  for (let i = 0; i < count; i += 1) services.push(await start());
  return { url, services, start };
}

/** Round robin, as a load balancer sends requests. */
export const at = (services: readonly Service[], index: number): Service => {
  const service = services[index % services.length];
  if (!service) throw new Error('there is no service');
  return service;
};
