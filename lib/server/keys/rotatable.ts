/**
 * Keys that can be exchanged while the console runs. The log's key is part of the log's name (a new one is a new log),
 * and peers have pinned those for witnessing and for asking, so none of these is exchanged here.
 */
export const ROTATABLE_PURPOSES = ['approval', 'journal'] as const;
export type RotatablePurpose = (typeof ROTATABLE_PURPOSES)[number];
