/** Turns every error into a problem response. */
import type { ErrorHandler } from 'hono';
import { HTTPException } from 'hono/http-exception';
import { z } from 'zod';
import { CatalogError } from '../../catalog/catalog-error.ts';
import { StorageError, type StorageErrorCode } from '../../catalog/storage-error.ts';
import { ImportFormatError } from '../../transfer/formats/import-format-error.ts';
import { ImportStoppedError } from '../../transfer/import-stopped-error.ts';
import { Problem, problemResponse, unavailable } from '../contract/problem.ts';
import { wrongMediaType } from '../contract/router.ts';
import { validationProblem } from '../contract/validation-problem.ts';

export interface ErrorLog {
  error(details: object, message: string): void;
}

const databaseUnavailable = () =>
  unavailable('The database cannot be used right now. Nothing was stored; try again later.', 5);

/** A code that is missing here does not compile. */
const storageProblems: Record<StorageErrorCode, () => Problem> = {
  full: () => new Problem('storage-full', 'The disk is full. Nothing was stored; reading still works.'),
  busy: databaseUnavailable,
  'read-only': databaseUnavailable,
  corrupt: databaseUnavailable,
  unavailable: databaseUnavailable,
};

function toProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  if (error instanceof StorageError) return storageProblems[error.code]();
  if (error instanceof ImportStoppedError) return stoppedImport(error);
  if (error instanceof CatalogError) return new Problem(error.code, error.message);
  if (error instanceof z.ZodError) return validationProblem('json', error);
  if (error instanceof HTTPException && error.status === 415) return wrongMediaType();
  if (error instanceof HTTPException && error.status < 500) {
    return new Problem(
      'malformed-json',
      'The body is not valid JSON. Send a JSON object in UTF-8; nothing was stored.',
    );
  }
  const code = (error as { code?: unknown } | null)?.code;
  if (code === 'ECONNRESET') return new Problem('request-aborted', 'The body ended too early.');
  return new Problem('internal', 'An unexpected error; it is logged under this requestId.');
}

/** The problem of the error that stopped the import, with a sentence on what is stored. */
function stoppedImport(error: ImportStoppedError): Problem {
  const { cause, stored } = error;
  if (cause instanceof ImportFormatError) return new Problem('invalid-request', error.message);
  const { code, options } = toProblem(cause);
  return new Problem(code, `The import stopped. ${stored}`, options);
}

const loggedCodes = new Set(['internal', 'unavailable', 'storage-full']);

/** Problems contain no stack, path or SQL; unexpected errors are logged in full. */
export function createErrorHandler(log: ErrorLog): ErrorHandler {
  return (error, c) => {
    const problem = toProblem(error);
    if (loggedCodes.has(problem.code) && error !== problem) {
      log.error(
        { err: error, requestId: c.get('requestId') as string, method: c.req.method, path: c.req.path },
        problem.message,
      );
    }
    return problemResponse(c, problem);
  };
}
