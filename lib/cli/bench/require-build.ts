import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { PROJECT_ROOT } from '../project-root';
import { Refusal } from '../refusal';

/** @throws Refusal when there is no build to measure */
export function requireBuild(): void {
  if (!existsSync(join(PROJECT_ROOT, '.next', 'BUILD_ID')))
    throw new Refusal(
      'There is no build to measure. Run `npm run up` once, or `npx next build`, and try again.',
    );
}
