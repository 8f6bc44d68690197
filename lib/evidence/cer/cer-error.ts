/** Why a Certified Execution Record does not show what it should. */
export const CER_ERROR_CODES = [
  'cer_too_large',
  'cer_json',
  'cer_type',
  'cer_version',
  'cer_shape',
  'cer_input_hash',
  'cer_output_hash',
  'cer_certificate_hash',
  'cer_receipt_shape',
  'cer_receipt_other',
  'cer_receipt_signature',
  'cer_envelope_shape',
  'cer_envelope_signature',
  'cer_project_hash',
  'cer_steps_counted',
  'cer_step_other',
  'cer_step_order',
  'cer_step_unlisted',
  'cer_certificate_other',
] as const;
export type CerErrorCode = (typeof CER_ERROR_CODES)[number];

/** What each code means, for whoever chose the file. */
export const CER_SENTENCES: Readonly<Record<CerErrorCode, string>> = {
  cer_too_large: 'The file is larger than a Certified Execution Record may be.',
  cer_json:
    'The file is no JSON that everybody reads alike: broken, a name twice in one object, or a number that is not held as it is written.',
  cer_type: 'The file names no kind of Certified Execution Record that is known here.',
  cer_version: 'The record names a version of its format that is not known here.',
  cer_shape: 'A member of the record is missing or has another form than its format demands.',
  cer_input_hash: 'The input is not the one that inputHash was made of.',
  cer_output_hash: 'The output is not the one that outputHash was made of.',
  cer_certificate_hash:
    'The record is not the one that certificateHash was made of: it was changed after it was sealed.',
  cer_receipt_shape: 'The attestation does not have the form of a signed receipt.',
  cer_receipt_other: 'The attestation is about another record.',
  cer_receipt_signature: 'The signature on the attestation is not by the pinned key that it names.',
  cer_envelope_shape: 'The verification envelope does not have the form of its kind.',
  cer_envelope_signature:
    'The signature on the verification envelope is not by the pinned key that it names.',
  cer_project_hash:
    'The project is not the one that projectHash was made of: it was changed after it was sealed.',
  cer_steps_counted: 'The steps are not as many, or not numbered, as the project says.',
  cer_step_other: 'The record of a step is not the one that the project lists.',
  cer_step_order: 'The steps stand in another order than their records say.',
  cer_certificate_other: 'The record that was kept is not the one that the signed decision names.',
  cer_step_unlisted: 'The project holds a record that it does not list.',
};
