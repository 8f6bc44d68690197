/** Why a file is not taken as an evidence package, or not read from one. */
export const PACKAGE_ERROR_CODES = [
  'package_unreadable',
  'package_not_zip',
  'package_too_large',
  'package_zip64',
  'package_layout',
  'entry_encrypted',
  'entry_method',
  'entry_name_unsafe',
  'entry_name_repeated',
  'entry_name_unknown',
  'entry_too_large',
  'entry_bomb',
  'entry_header',
  'entry_corrupt',
  'manifest_missing',
  'manifest_invalid',
  'manifest_format',
  'file_unlisted',
  'file_missing',
  'file_size',
  'file_digest',
  'part_invalid',
  'lineage_invalid',
  'lineage_cyclic',
] as const;
export type PackageErrorCode = (typeof PACKAGE_ERROR_CODES)[number];

/** What each code means, for whoever dropped the file. */
export const PACKAGE_SENTENCES: Readonly<Record<PackageErrorCode, string>> = {
  package_unreadable: 'The file could not be read to its end; it may have been moved or changed meanwhile.',
  package_not_zip:
    'This is no evidence package: it does not end as a zip archive ends, or something was added behind its end.',
  package_too_large: 'The package is larger than any that a console writes, so it was not opened.',
  package_zip64: 'The package uses the zip64 extension, which no console writes and which can hide entries.',
  package_layout:
    'The archive is not laid out as a console writes it: entries overlap, have gaps between them or carry extra fields. Somebody packed it again; ask for the file as it was handed over.',
  entry_encrypted: 'An entry of the archive is encrypted; evidence that cannot be read is not accepted.',
  entry_method: 'An entry is compressed in a way that no console uses.',
  entry_name_unsafe:
    'An entry is named so that unpacking could write outside its folder, or so that two systems would read the name differently.',
  entry_name_repeated: 'Two entries have one name, so that two readers could see two different files.',
  entry_name_unknown: 'The package holds a file that has no place in an evidence package.',
  entry_too_large: 'An entry claims to be larger than a file of its kind may be.',
  entry_bomb: 'An entry would grow to far more than real evidence does when unpacked; it was not unpacked.',
  entry_header: 'An entry says one thing in front of its data and another in the directory of the archive.',
  entry_corrupt: 'An entry cannot be unpacked to the size and checksum that it claims.',
  manifest_missing: 'The package has no manifest, so nothing says what should be in it.',
  manifest_invalid: 'The manifest does not have the form of an evidence package’s.',
  manifest_format: 'The manifest names another format than countersign/evidence/v1.',
  file_unlisted: 'The package holds a file that its manifest does not list.',
  file_missing: 'The manifest lists a file that the package does not hold.',
  file_size: 'A file has another size than the manifest says.',
  file_digest: 'A file is not the one whose digest the manifest gives: it was changed after it was packed.',
  part_invalid: 'A file of the package does not have the form of its kind.',
  lineage_invalid: 'The lineage in the package is not W3C PROV-JSON.',
  lineage_cyclic:
    'The lineage in the package runs in a circle: something in it would be its own cause, which nothing that happened can be.',
};
