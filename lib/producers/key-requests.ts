import * as z from 'zod';
import { foreignId, spiffeId } from '@/lib/decisions/record-payload';
import { publicKeyText } from './producer';

/** POST /api/v1/settings/producers/keys */
export const addKeyRequest = z.object({ producer: spiffeId, publicKey: publicKeyText });

/** POST /api/v1/settings/producers/retire-key */
export const retireKeyRequest = z.object({ producer: spiffeId, keyid: foreignId });

/** POST /api/v1/settings/producers/disable */
export const disableProducerRequest = z.object({ producer: spiffeId });
