'use client';

import { Button } from '@/components/ui/button';
import { Time } from '@/components/ui/time';

/** Where a search that compares decision by decision has come to, and the way on. */
export function SearchedTo({ at, isOn, onFurther }: { at: string; isOn: boolean; onFurther: () => void }) {
  return (
    <p className="dfurther" role="status">
      <span>
        {isOn ? 'Looking further back' : 'These terms meet rarely. Every decision was looked at'} back to{' '}
        <Time at={at} precision="minute" />.
      </span>
      {!isOn && (
        <Button small onClick={onFurther}>
          Look further back
        </Button>
      )}
    </p>
  );
}
