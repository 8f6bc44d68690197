'use client';

import { type DragEvent, useId, useRef, useState } from 'react';
import { Button } from '@/components/ui/button';
import { Icon } from '@/components/ui/icon';

/**
 * Where files are dropped, pasted or chosen, also while others are being checked: those are left then. The button is the way
 * for keyboard and screen reader.
 */
export function DropZone({ onFiles }: { onFiles: (files: readonly File[]) => void }) {
  const [over, setOver] = useState(false);
  const input = useRef<HTMLInputElement>(null);
  const describedBy = useId();

  function take(files: FileList | null | undefined) {
    if (files && files.length > 0) onFiles([...files]);
    if (input.current) input.current.value = '';
  }

  function onDrop(event: DragEvent) {
    event.preventDefault();
    setOver(false);
    take(event.dataTransfer.files);
  }

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: dropping needs a mouse; the button inside is the same act for all
    <div
      className={over ? 'dropzone over' : 'dropzone'}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={onDrop}
      onPaste={(event) => take(event.clipboardData.files)}
    >
      <Icon name="upload" />
      <p>
        <b>Drop evidence here</b>
        <span id={describedBy}>
          Packages, tokens, records, checkpoints, proofs, time stamps and other receipts, keys to pin. Drop a
          receipt together with the file that it stamps.
        </span>
      </p>
      <Button
        variant="primary"
        icon="doc"
        aria-describedby={describedBy}
        onClick={() => input.current?.click()}
      >
        Choose files
      </Button>
      <input
        ref={input}
        type="file"
        multiple
        tabIndex={-1}
        aria-hidden="true"
        className="vh"
        data-testid="evidence-files"
        onChange={(event) => take(event.target.files)}
      />
    </div>
  );
}
