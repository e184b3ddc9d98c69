/**
 * Makes the Python environment of the embedding measurement, if it is not there; without it, that part leaves it out.
 */
import { findPython } from './python-environment.mjs';

findPython();
