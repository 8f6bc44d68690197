/**
 * Imported first by the worker. zod compiles its parsers with `new Function` where it may; the policy forbids that, and
 * each try would be reported as a violation.
 */
(globalThis as { __zod_globalConfig?: { jitless: boolean } }).__zod_globalConfig = { jitless: true };

export const STRICT = true;
