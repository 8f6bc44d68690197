'use client';

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { Field } from '@/components/ui/field';
import { IconButton } from '@/components/ui/icon-button';
import { Skeleton } from '@/components/ui/skeleton';
import { StateBox } from '@/components/ui/state-box';
import { TextInput } from '@/components/ui/text-input';
import { deleteSearch, savedSearchesQuery, saveSearch } from '@/lib/client/queries/saved-searches';
import type { SavedSearch } from '@/lib/decisions/saved-search';

/** Searches kept by this person, and those shared in the organisation. */
export function SavedSearches({ query, onOpen }: { query: string; onOpen: (query: string) => void }) {
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button small onClick={() => setOpen(true)}>
        Saved searches
      </Button>
      <Dialog open={open} onClose={() => setOpen(false)} title="Saved searches">
        <SavedPanel
          query={query}
          onOpen={(chosen) => {
            setOpen(false);
            onOpen(chosen);
          }}
        />
      </Dialog>
    </>
  );
}

function SavedPanel({ query, onOpen }: { query: string; onOpen: (query: string) => void }) {
  const client = useQueryClient();
  const list = useQuery(savedSearchesQuery());
  const refresh = () => client.invalidateQueries({ queryKey: savedSearchesQuery().queryKey });
  const remove = useMutation({ mutationFn: deleteSearch, onSettled: refresh });
  return (
    <div className="dsaved">
      {query !== '' && <SaveForm query={query} onSaved={refresh} />}
      {remove.isError && (
        <p className="err" role="alert">
          {remove.error.message}
        </p>
      )}
      {list.isPending && <Skeleton lines={4} label="Reading saved searches" />}
      {list.isError && (
        <StateBox
          kind="failing"
          title="Saved searches could not be read"
          action={
            <Button small onClick={() => list.refetch()}>
              Read again
            </Button>
          }
        />
      )}
      {list.data?.searches.length === 0 && (
        <StateBox kind="empty" title="No search is saved yet">
          Search for something, and keep it here under a name.
        </StateBox>
      )}
      {list.data && list.data.searches.length > 0 && (
        <ul aria-label="Saved searches">
          {list.data.searches.map((search) => (
            <SavedRow
              key={search.id}
              search={search}
              onOpen={() => onOpen(search.query)}
              onDelete={() => remove.mutate(search.id)}
            />
          ))}
        </ul>
      )}
    </div>
  );
}

function SavedRow({
  search,
  onOpen,
  onDelete,
}: {
  search: SavedSearch;
  onOpen: () => void;
  onDelete: () => void;
}) {
  return (
    <li>
      <button type="button" className="link" onClick={onOpen}>
        {search.name}
      </button>
      <span className="lab">
        {search.mine ? (search.shared ? 'yours, shared' : 'yours') : `shared by ${search.by}`}
      </span>
      <code className="cut">{search.query}</code>
      {search.mine && <IconButton icon="x" label={`Forget “${search.name}”`} onClick={onDelete} />}
    </li>
  );
}

function SaveForm({ query, onSaved }: { query: string; onSaved: () => void }) {
  const [name, setName] = useState('');
  const [shared, setShared] = useState(false);
  const save = useMutation({
    mutationFn: saveSearch,
    onSuccess: () => {
      setName('');
      onSaved();
    },
  });
  function submit(event: FormEvent) {
    event.preventDefault();
    if (name.trim() !== '') save.mutate({ name, query, shared });
  }
  return (
    <form onSubmit={submit}>
      <Field
        label="Keep this search as"
        hint="The name is for people here; write no personal data into it. The same name again replaces it."
        error={save.isError ? save.error.message : undefined}
      >
        {(control) => (
          <TextInput
            {...control}
            value={name}
            maxLength={80}
            onChange={(event) => setName(event.target.value)}
          />
        )}
      </Field>
      <label className="check">
        <input type="checkbox" checked={shared} onChange={(event) => setShared(event.target.checked)} /> Share
        it with everybody here who may search
      </label>
      <Button type="submit" variant="primary" busy={save.isPending} locked={name.trim() === ''}>
        Save
      </Button>
    </form>
  );
}
