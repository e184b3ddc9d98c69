/**
 * Makes the typed client a package of its own in dist/client: the compiled client and one declaration of the API, with
 * nothing of the service. `npm install ./dist/client` and `npm pack ./dist/client` take it.
 */
import { cpSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '..');
const source = join(root, 'dist/src');
const target = join(root, 'dist/client');
const read = (path) => readFileSync(path, 'utf8');

/** The names of the functions whose routes `ApiSchema` consists of. */
const added = [...read(join(source, 'app.d.ts')).matchAll(/Added<typeof (\w+)>/g)].map(([, name]) => name);
const routes = join(source, 'http/routes');
const declarations = readdirSync(routes)
  .filter((name) => name.endsWith('.d.ts'))
  .map((name) => read(join(routes, name)))
  .join('\n');

/** The compiler has written the whole schema of a function's routes into the declaration of the function. */
function schemaOf(name) {
  const pattern = new RegExp(
    `declare function ${name}\\((?:(?!declare function)[^])*?\\): OpenAPIHono<import\\("hono"\\)\\.Env, ({$[^]*?^})(?:, "/">;)`,
    'm',
  );
  const schema = pattern.exec(declarations)?.[1];
  if (schema === undefined) throw new Error(`The declaration of ${name} has no schema that can be copied.`);
  return schema;
}

if (added.length === 0) throw new Error('app.d.ts has no ApiSchema.');
const schemas = added.map(schemaOf);
const api = `/** Every route with its parameters and responses. */\nexport type ApiSchema = ${schemas.join(' & ')};\n`;
const imported = new Set([...api.matchAll(/\bimport\("([^"]+)"\)/g)].map(([, name]) => name));
const foreign = [...imported].filter((name) => !/^hono(\/|$)/.test(name));
if (foreign.length > 0) throw new Error(`The client would depend on ${foreign.join(', ')}.`);

rmSync(target, { recursive: true, force: true });
mkdirSync(target, { recursive: true });
writeFileSync(join(target, 'api-schema.d.ts'), api);
const withoutMap = (text) => text.replace(/\n?\/\/# sourceMappingURL=.*/, '');
writeFileSync(join(target, 'client.js'), withoutMap(read(join(source, 'client.js'))));
const declared = read(join(source, 'client.d.ts'));
writeFileSync(join(target, 'client.d.ts'), declared.replace("'./app.ts'", "'./api-schema.d.ts'"));
cpSync(join(root, 'LICENSE'), join(target, 'LICENSE'));

const { version, license, engines, dependencies } = JSON.parse(read(join(root, 'package.json')));
const manifest = {
  name: '@tastematch/client',
  version,
  description: 'Typed client of the TasteMatch API.',
  license,
  type: 'module',
  exports: { types: './client.d.ts', default: './client.js' },
  engines,
  dependencies: { hono: dependencies.hono },
};
writeFileSync(join(target, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
