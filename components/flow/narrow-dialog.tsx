'use client';

import { useRouter } from 'next/navigation';
import { useMemo, useState } from 'react';
import type { Review } from '@/components/reviews/use-review';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { Field } from '@/components/ui/field';
import { TextInput } from '@/components/ui/text-input';
import { routes } from '@/lib/client/routes';
import type { JsonValue } from '@/lib/core/json';
import { type FlowView, narrowResponse } from '@/lib/escalations/flow-view';
import { resolvePointer } from '@/lib/policy/json-pointer';
import { FlowProblem } from './flow-problem';
import { NarrowedRows, showValue } from './narrowed-rows';
import { setAtPointer } from './set-at-pointer';
import { useFlowCall } from './use-flow-call';

/** Makes a narrower request: only where the policy lets it, with the difference in sight before it is sent. */
export function NarrowDialog({ review }: { review: Review }) {
  const { shown } = review;
  const router = useRouter();
  const [open, setOpen] = useState(false);
  const [changed, setChanged] = useState<Readonly<Record<string, JsonValue>>>({});
  const call = useFlowCall(shown.row.id);
  const original = useMemo(() => JSON.parse(shown.actionJson || '{}') as JsonValue, [shown.actionJson]);
  const edited = Object.entries(changed).reduce(
    (json, [pointer, to]) => setAtPointer(json, pointer, to),
    original,
  );
  const narrowed = Object.entries(changed).flatMap(([pointer, to]) => {
    const from = resolvePointer(original, pointer);
    const place = shown.flow.narrow.places.find((each) => each.pointer === pointer);
    return place && JSON.stringify(from) !== JSON.stringify(to) ? [{ ...place, from, to }] : [];
  });
  async function send() {
    const body = { action: edited, actionDigest: shown.actionDigest, version: shown.row.version };
    const made = await call.send('narrow', body, narrowResponse);
    if (made !== null) router.push(routes.escalation(made.successor));
  }
  return (
    <>
      <Button
        small
        kbd="e"
        data-flow="narrow"
        locked={shown.session === null}
        onClick={() => {
          setChanged({});
          setOpen(true);
        }}
      >
        Narrow
      </Button>
      <Dialog
        open={open}
        onClose={() => setOpen(false)}
        title="Narrow this request"
        description="It ends superseded, and a new request with its own digest takes its place until the same time. Nothing is approved by that; the gateway must propose exactly the new bytes."
        footer={
          <>
            <Button onClick={() => setOpen(false)}>Cancel</Button>
            <Button
              variant="primary"
              locked={narrowed.length === 0}
              busy={call.isBusy}
              onClick={() => void send()}
            >
              Make the narrower request
            </Button>
          </>
        }
      >
        {shown.flow.narrow.places.map((place) => (
          <Place
            key={place.pointer}
            place={place}
            original={resolvePointer(original, place.pointer) ?? null}
            onChange={(to) => setChanged({ ...changed, [place.pointer]: to })}
          />
        ))}
        <NarrowedRows narrowed={narrowed} />
        <FlowProblem problem={call.problem} />
      </Dialog>
    </>
  );
}

const LABELS = { lower: 'Less than', earlier: 'Ends before', fewer: 'Keep only' } as const;

function Place({
  place: { kind, pointer },
  original,
  onChange,
}: {
  place: FlowView['narrow']['places'][number];
  original: JsonValue;
  onChange: (to: JsonValue) => void;
}) {
  const [left, setLeft] = useState<ReadonlySet<number>>(new Set());
  if (kind === 'fewer' && Array.isArray(original)) {
    return (
      <fieldset className="narrow-place">
        <legend>
          {LABELS[kind]} of <span className="mono">{pointer}</span>
        </legend>
        {original.map((item, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the original list does not change
          <label key={index}>
            <input
              type="checkbox"
              checked={!left.has(index)}
              onChange={(event) => {
                const next = new Set(left);
                if (event.target.checked) next.delete(index);
                else next.add(index);
                setLeft(next);
                onChange(original.filter((_, at) => !next.has(at)));
              }}
            />{' '}
            <span className="mono">{showValue(item)}</span>
          </label>
        ))}
      </fieldset>
    );
  }
  return (
    <Field label={`${LABELS[kind]} ${showValue(original)}`} hint={pointer}>
      {(control) => (
        <TextInput
          {...control}
          mono
          name={pointer}
          defaultValue={showValue(original)}
          spellCheck={false}
          onChange={(event) => {
            const { value } = event.target;
            onChange(typeof original === 'number' && /^\d{1,15}$/.test(value) ? Number(value) : value);
          }}
        />
      )}
    </Field>
  );
}
