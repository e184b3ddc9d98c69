/** The name of a process among those that share the database. */
import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';

/** `application_name` holds 63 bytes, of which some are a prefix (open-pool.ts). */
const MAX_HOST_CHARACTERS = 40;

/** The machine's name and 8 hexadecimal digits, as several processes can run on one machine. */
export const createInstanceName = (): string =>
  `${hostname().slice(0, MAX_HOST_CHARACTERS)}-${randomBytes(4).toString('hex')}`;
