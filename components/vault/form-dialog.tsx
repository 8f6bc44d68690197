'use client';

import { type FormEvent, type ReactNode, useId } from 'react';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';

/** A dialog that asks and sends: what stands in it, why it failed, and the one button that does it. */
export function FormDialog({
  title,
  description,
  submit,
  danger = false,
  busy,
  problem,
  onSubmit,
  onClose,
  children,
}: {
  title: string;
  description: string;
  submit: string;
  danger?: boolean;
  busy: boolean;
  problem: string | null;
  onSubmit: (form: FormData) => void;
  onClose: () => void;
  children: ReactNode;
}) {
  const id = useId();
  return (
    <Dialog
      open
      onClose={onClose}
      title={title}
      description={description}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button variant={danger ? 'danger' : 'primary'} type="submit" form={id} busy={busy}>
            {submit}
          </Button>
        </>
      }
    >
      <form
        id={id}
        className="vform"
        method="post"
        onSubmit={(event: FormEvent<HTMLFormElement>) => {
          event.preventDefault();
          onSubmit(new FormData(event.currentTarget));
        }}
      >
        {problem !== null && (
          <p className="err" role="alert">
            {problem}
          </p>
        )}
        {children}
      </form>
    </Dialog>
  );
}
