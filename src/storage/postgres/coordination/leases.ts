/** The LeaseStore port on PostgreSQL, by the clock of the server. */
import type { LeaseStore } from '../../../embedding/lease-store.ts';
import type { Queries } from '../connection/database.ts';

const expiry = `clock_timestamp() + :ttlMs * interval '1 millisecond'`;

export function createLeaseStore(queries: Queries): LeaseStore {
  return {
    acquire: async (name, holder, ttlMs) =>
      (await queries.run(
        `INSERT INTO leases AS l (name, holder, expires_at) VALUES (:name, :holder, ${expiry})
         ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, expires_at = excluded.expires_at
         WHERE l.holder = excluded.holder OR l.expires_at <= clock_timestamp()`,
        { name, holder, ttlMs },
      )) === 1,
    renew: async (name, holder, ttlMs) =>
      (await queries.run(
        `UPDATE leases SET expires_at = ${expiry}
         WHERE name = :name AND holder = :holder AND expires_at > clock_timestamp()`,
        { name, holder, ttlMs },
      )) === 1,
    async release(name, holder) {
      await queries.run('DELETE FROM leases WHERE name = :name AND holder = :holder', { name, holder });
    },
  };
}
