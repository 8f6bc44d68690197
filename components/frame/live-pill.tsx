'use client';

import { useQuery } from '@tanstack/react-query';
import { frameQuery, type IntegrityStatus } from '@/lib/client/queries/frame';
import { IntegrityPill } from './integrity-pill';

const UNKNOWN: IntegrityStatus = {
  treeSize: 0,
  witnessedAt: null,
  witnessesOk: 0,
  witnessesTotal: 0,
  state: 'unknown',
};

/** The pill with what the console says now. When it stops answering, the pill says that instead of the last good news. */
export function LivePill({ linked }: { linked: boolean }) {
  const { data, isError, isPending } = useQuery(frameQuery());
  return (
    <IntegrityPill
      status={data === undefined || isError ? UNKNOWN : data.integrity}
      reading={isPending}
      linked={linked}
    />
  );
}
