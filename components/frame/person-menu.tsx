'use client';

import { Avatar } from '@/components/ui/avatar';
import { Icon } from '@/components/ui/icon';
import { Menu } from '@/components/ui/menu';
import { endSession } from './end-session';
import type { FramePerson } from './frame';

/** Who is signed in, and the way out. */
export function PersonMenu({ person }: { person: FramePerson }) {
  return (
    <Menu
      label={`${person.name}, ${person.role}`}
      className="person"
      trigger={
        <>
          <Avatar name={person.name} />
          <span>
            <b>{person.name}</b>
            <small>{person.role}</small>
          </span>
          <Icon name="more" small className="dim" />
        </>
      }
      items={[{ key: 'out', label: 'Sign out', icon: 'sign-out', onSelect: () => void endSession() }]}
    />
  );
}
