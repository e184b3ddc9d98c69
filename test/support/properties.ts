/** fast-check with one seed for everybody, so that a run can be repeated; `SEED=…` tries other inputs. */
import fc from 'fast-check';

fc.configureGlobal({ seed: Number(process.env['SEED'] ?? 20_261_124) });

export { fc };
