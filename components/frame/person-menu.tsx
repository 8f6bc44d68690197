'use client';

import { Avatar } from '@/components/ui/avatar';
import { Menu } from '@/components/ui/menu';
import { endSession } from './end-session';
import type { FramePerson } from './frame-viewer';

/** Who is signed in, and the way out. */
export function PersonMenu({ person }: { person: FramePerson }) {
  return (
    <Menu
      label={person.name}
      className="person"
      trigger={
        <>
          <Avatar name={person.name} />
          <span>
            <b>{person.name}</b>
            <small title={person.role}>{person.role}</small>
          </span>
        </>
      }
      items={[{ key: 'out', label: 'Sign out', icon: 'sign-out', onSelect: () => void endSession() }]}
    />
  );
}
