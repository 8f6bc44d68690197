/** Asking the person's device, in the browser. The library is loaded only then. */
import type {
  PublicKeyCredentialCreationOptionsJSON,
  PublicKeyCredentialRequestOptionsJSON,
} from '@simplewebauthn/browser';
import type { AssertionResponse, RegistrationResponse } from '@/lib/identity/passkey-requests';

export type DeviceFault =
  | 'device_cancelled'
  | 'device_timed_out'
  | 'device_registered'
  | 'device_unsupported'
  | 'device_failed';

/** The device gave nothing. */
export class DeviceError extends Error {
  override readonly name = 'DeviceError';
  constructor(readonly code: DeviceFault) {
    super(code);
  }
}

type Options = Record<string, unknown>;

/** @throws DeviceError */
export function signOnDevice(options: Options): Promise<AssertionResponse> {
  return ask(options, async () => {
    const { startAuthentication } = await import('@simplewebauthn/browser');
    return startAuthentication({ optionsJSON: options as unknown as PublicKeyCredentialRequestOptionsJSON });
  });
}

/** @throws DeviceError */
export async function registerOnDevice(options: Options): Promise<RegistrationResponse> {
  const made = await ask(options, async () => {
    const { startRegistration } = await import('@simplewebauthn/browser');
    return startRegistration({ optionsJSON: options as unknown as PublicKeyCredentialCreationOptionsJSON });
  });
  const { clientDataJSON, attestationObject, transports = [] } = made.response;
  return {
    id: made.id,
    rawId: made.rawId,
    type: 'public-key',
    response: { clientDataJSON, attestationObject, transports },
  };
}

/**
 * A browser answers cancelling and waiting too long alike (WebAuthn Level 3 §14.5.1, so that no page learns which passkeys
 * there are): they are told apart by the time that was given.
 */
async function ask<Answer>(options: Options, work: () => Promise<Answer>): Promise<Answer> {
  if (globalThis.PublicKeyCredential === undefined) throw new DeviceError('device_unsupported');
  const startedMs = performance.now();
  try {
    return await work();
  } catch (error) {
    const name = error instanceof Error ? error.name : '';
    if (name === 'InvalidStateError') throw new DeviceError('device_registered');
    if (name !== 'NotAllowedError' && name !== 'AbortError') throw new DeviceError('device_failed');
    const given = typeof options.timeout === 'number' ? options.timeout : Number.POSITIVE_INFINITY;
    throw new DeviceError(
      performance.now() - startedMs >= given - 1_000 ? 'device_timed_out' : 'device_cancelled',
    );
  }
}
