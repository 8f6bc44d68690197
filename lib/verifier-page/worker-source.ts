/** The text of the worker, put in place of this by the build (`build-verifier-page`). Nothing else runs this module. */
export const WORKER_SOURCE: string = '';
