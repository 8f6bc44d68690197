import type { Metadata } from 'next';
import { VerifyScreen } from './verify-screen';

export const metadata: Metadata = { title: 'Verify evidence' };

/** Public: for whoever was handed evidence. Asks nobody who they are and reads nothing of this console. */
export default function VerifyPage() {
  return <VerifyScreen />;
}
