import { fileURLToPath } from 'node:url';

/** The project's root directory, without a trailing separator. */
export const PROJECT_ROOT = fileURLToPath(new URL('../..', import.meta.url)).replace(/[\\/]$/, '');
