/** Files in one drop: more at once would be an accident. */
export const MAX_FILES = 200;
