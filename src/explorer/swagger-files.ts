/** Swagger UI's two files, compressed when the project was built. */
import { readFile, stat } from 'node:fs/promises';
import type { Context } from 'hono';
import { accepts } from 'hono/accepts';

const types = {
  'swagger-ui.css': 'text/css; charset=utf-8',
  'swagger-ui-bundle.js': 'text/javascript; charset=utf-8',
} as const;
type SwaggerFile = keyof typeof types;

export const swaggerFiles = Object.keys(types) as SwaggerFile[];
const fileOf = (name: string) => new URL(`assets/swagger-ui/${name}`, import.meta.url);

/** Compressed size of both files, in KB. */
export async function swaggerKilobytes(): Promise<number> {
  const files = await Promise.all(swaggerFiles.map((name) => stat(fileOf(`${name}.gz`))));
  return Math.round(files.reduce((sum, { size }) => sum + size, 0) / 1_024);
}

/** Only for clients that accept gzip or Brotli, as every browser does. */
export async function sendSwaggerFile(c: Context, name: SwaggerFile): Promise<Response> {
  const encoding = accepts(c, {
    header: 'Accept-Encoding',
    supports: ['br', 'gzip'],
    default: 'gzip',
    match: (given) => (given.some(({ type, q }) => type === 'br' && q > 0) ? 'br' : 'gzip'),
  });
  const content = await readFile(fileOf(`${name}.${encoding === 'br' ? 'br' : 'gz'}`));
  return c.body(new Uint8Array(content), 200, {
    'Content-Type': types[name],
    'Content-Encoding': encoding,
    'Cache-Control': 'public, max-age=86400',
    Vary: 'Accept-Encoding',
  });
}
