/** The types of environment variables: what their text may be, and the value that it stands for. */
import { createHash } from 'node:crypto';
import { z } from 'zod';

export const wholeNumber = (min: number, max: number) =>
  z
    .string()
    .regex(/^\d{1,12}$/, { error: `must be a whole number from ${min} to ${max}` })
    .transform(Number)
    .refine((value) => value >= min && value <= max, {
      error: `must be a whole number from ${min} to ${max}`,
    });

export const trueOrFalse = z
  .enum(['true', 'false'], { error: 'must be true or false' })
  .transform((value) => value === 'true');
export const databaseUrl = z
  .string()
  .regex(/^(postgres(ql)?:\/\/\S+)?$/, { error: 'must begin with postgres:// and contain no spaces' });
export const notEmpty = z.string().min(1, { error: 'must not be empty' });

/** Entries separated by commas, without surrounding spaces. */
export const readList = (text: string): string[] =>
  text
    .split(',')
    .map((entry) => entry.trim())
    .filter(Boolean);

/** What a client can send after `Bearer` (token68, RFC 9110, 11.2): another key would never match. */
const sendableKey = /^[\w.~+/-]+=*$/;

/** Keys separated by commas, as their SHA-256 digests: the keys themselves are not kept. */
export const apiKeys = z
  .string()
  .refine((text) => text === '' || readList(text).length > 0, { error: 'contains no key' })
  .refine((text) => readList(text).every((key) => sendableKey.test(key)), {
    error:
      'contains a key with characters that a client cannot send: use letters, digits and - . _ ~ + / only, ' +
      'for example from openssl rand -base64 32',
  })
  .transform((text) => readList(text).map(digestOfKey));

const digestOfKey = (key: string): Uint8Array => createHash('sha256').update(key).digest();

/** An origin as browsers send it; apps have schemes of their own (`capacitor://localhost`). */
function isOrigin(entry: string): boolean {
  if (!/^[a-z][a-z\d+.-]*:\/\/[^/?#@\s]+$/.test(entry) || !URL.canParse(entry)) return false;
  return !/^https?:/.test(entry) || new URL(entry).origin === entry;
}

export const originList = z
  .string()
  .refine((text) => readList(text).every((entry) => entry === '*' || isOrigin(entry)), {
    error:
      'must be * or origins, separated by commas: scheme, host and port in lower case without a path, ' +
      'for example https://app.example.com',
  })
  .transform(readList);
