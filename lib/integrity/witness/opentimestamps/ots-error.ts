/** Why bytes are no OpenTimestamps proof. */
export type OtsErrorCode =
  | 'ots_too_large'
  | 'ots_magic'
  | 'ots_version'
  | 'ots_truncated'
  | 'ots_trailing_bytes'
  | 'ots_number'
  | 'ots_length'
  | 'ots_operation'
  | 'ots_result_length'
  | 'ots_attestation'
  | 'ots_too_deep'
  | 'ots_too_many_steps';
