import { z } from 'zod';

/**
 * Address of an outside service as an administrator types it: http or https, without credentials, query or fragment (they
 * would end up where addresses are shown). Answered without its last slash, so that paths can be added.
 */
export const serviceAddress = z
  .string()
  .max(500)
  .refine((text) => {
    const url = URL.canParse(text) ? new URL(text) : undefined;
    return (
      url !== undefined &&
      ['http:', 'https:'].includes(url.protocol) &&
      url.username === '' &&
      url.password === '' &&
      url.search === '' &&
      url.hash === ''
    );
  }, 'http or https, without user, query or fragment')
  .transform((text) => text.replace(/\/+$/, ''));
