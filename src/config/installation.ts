/** Where this service is installed, and where its data lies unless the environment says otherwise. */
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder with `dist/`, `models/` and package.json, in the repository, in the bundle and as an installed package. */
const installationFolder = fileURLToPath(new URL('../../../', import.meta.url));

/** A package manager may empty `node_modules` at any time, so data lies beside it. */
export const dataFolderOf = (installation: string): string =>
  installation.replace(/[/\\]node_modules[/\\].*$/, '');

/** The default of a variable that is a path, the same in every working directory. */
export function resolveDefault(name: string, fallback: string): string {
  if (name === 'MODEL_DIR') return join(installationFolder, fallback);
  return name === 'DATABASE_PATH' ? join(dataFolderOf(installationFolder), fallback) : fallback;
}
