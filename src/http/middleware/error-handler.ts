/** The one place where errors become responses. */
import type { ErrorHandler } from 'hono';
import { HTTPException } from 'hono/http-exception';
import { z } from 'zod';
import { CatalogError } from '../../catalog/catalog-error.ts';
import { StorageError, type StorageErrorCode } from '../../catalog/storage-error.ts';
import { ImportFormatError } from '../../transfer/formats/import-format-error.ts';
import { ImportStoppedError } from '../../transfer/import-stopped-error.ts';
import { Problem, problemResponse } from '../contract/problem.ts';
import { wrongMediaType } from '../contract/router.ts';
import { validationProblem } from '../contract/validation-problem.ts';

export interface ErrorLog {
  error(details: object, message: string): void;
}

const unavailable = () =>
  new Problem(
    'unavailable',
    'The database cannot be used for this right now. Nothing was stored; try again later.',
    { headers: { 'Retry-After': '5' } },
  );

/** Exhaustive: a new code without a problem does not compile. */
const storageProblems: Record<StorageErrorCode, () => Problem> = {
  full: () => new Problem('storage-full', 'The disk is full. Nothing was stored; reading still works.'),
  busy: unavailable,
  'read-only': unavailable,
  corrupt: unavailable,
  unavailable,
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
      'The body could not be read as JSON. Send a JSON object in UTF-8; nothing was stored.',
    );
  }
  const code = (error as { code?: unknown } | null)?.code;
  if (code === 'ECONNRESET') return new Problem('request-aborted', 'The body ended too early.');
  return new Problem('internal', 'An unexpected error happened; it has been logged under the requestId.');
}

/** What stopped it, as for any request, and what is stored: the batches before it are. */
function stoppedImport(error: ImportStoppedError): Problem {
  const { cause, stored } = error;
  if (cause instanceof ImportFormatError) return new Problem('invalid-request', error.message);
  const { code, options } = toProblem(cause);
  return new Problem(code, `The import stopped. ${stored}`, options);
}

/** Clients get a problem without stack, path or SQL; what was not expected is logged in full. */
export function createErrorHandler(log: ErrorLog): ErrorHandler {
  return (error, c) => {
    const problem = toProblem(error);
    if (problem.code === 'internal' || problem.code === 'unavailable' || problem.code === 'storage-full') {
      log.error(
        { err: error, requestId: c.get('requestId'), method: c.req.method, path: c.req.path },
        problem.message,
      );
    }
    return problemResponse(c, problem);
  };
}
