/** Why a dropped file was refused before anything in it could be checked. */
export const ARTEFACT_ERROR_CODES = ['artefact_too_large', 'artefact_unreadable', 'artefact_failed'] as const;
export type ArtefactErrorCode = (typeof ARTEFACT_ERROR_CODES)[number];

export const ARTEFACT_SENTENCES: Readonly<Record<ArtefactErrorCode, string>> = {
  artefact_too_large: 'The file is larger than anything of its kind, so it was not read.',
  artefact_unreadable: 'The file could not be read to its end; it may have been moved or changed meanwhile.',
  artefact_failed: 'The file made its reader fail. It is not well-formed, and nothing in it is believed.',
};
