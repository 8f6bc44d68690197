import { readFileSync } from 'node:fs';
import type { z } from 'zod';
import { isJsonObject, type JsonObject, parseJson } from '@/lib/core/json';
import { Refusal } from './refusal';

/**
 * A JSON file of settings, parsed by `schema`; `more` comes from the command line and goes before what the file says.
 * @throws Refusal naming the setting that is wrong
 */
export function readSettingsFile<S extends z.ZodType>(
  path: string,
  schema: S,
  more: JsonObject = {},
): z.infer<S> {
  const file = schema.safeParse({ ...readJsonFile(path), ...more });
  if (file.success) return file.data;
  const issue = file.error.issues[0];
  throw new Refusal(
    `The setting "${issue?.path.join('.')}" in ${path} is missing or wrong: ${issue?.message}.`,
  );
}

/** @throws Refusal when there is no such file, or no JSON object in it */
export function readJsonFile(path: string): JsonObject {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    throw new Refusal(`The file ${path} cannot be read.`);
  }
  const json = parseJson(text, { allowFloats: true });
  if (!json.ok || !isJsonObject(json.value)) throw new Refusal(`The file ${path} is no JSON object.`);
  return json.value;
}
