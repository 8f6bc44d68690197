'use client';

import { useQuery } from '@tanstack/react-query';
import { frameQuery, type IntegrityStatus } from '@/lib/client/queries/frame';
import { useFinding } from '@/lib/client/verification/findings';
import { IntegrityPill } from './integrity-pill';

const UNKNOWN: IntegrityStatus = {
  treeSize: 0,
  witnessedAt: null,
  witnessesOk: 0,
  witnessesTotal: 0,
  unwitnessedSince: null,
  state: 'unknown',
};

/** The pill with what the console says now. When it stops answering, the pill says that instead of the last good news; what this
 * browser found broken by itself outranks what the console says. */
export function LivePill({ linked }: { linked: boolean }) {
  const { data, isError, isPending } = useQuery(frameQuery());
  const finding = useFinding();
  const heard = data === undefined || isError ? UNKNOWN : data.integrity;
  const contact = finding !== null ? 'heard' : isPending ? 'reading' : isError ? 'lost' : 'heard';
  const status: IntegrityStatus = finding === null ? heard : { ...heard, state: 'invalid', finding };
  return <IntegrityPill status={status} contact={contact} linked={linked} />;
}
