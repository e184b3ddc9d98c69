/** What the text of an environment variable may be. */
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
