'use client';

import { useRouter } from 'next/navigation';
import { Avatar } from '@/components/ui/avatar';
import { Menu } from '@/components/ui/menu';
import { routes } from '@/lib/client/routes';
import { endSession } from './end-session';
import type { FramePerson } from './frame-viewer';

/** Who is signed in, their own reviewing and devices, and the way out. */
export function PersonMenu({ person }: { person: FramePerson }) {
  const router = useRouter();
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
      items={[
        ...(person.decides
          ? [
              {
                key: 'reviewing',
                label: 'Your reviewing',
                icon: 'eye' as const,
                onSelect: () => router.push(routes.reviewing()),
              },
            ]
          : []),
        {
          key: 'passkeys',
          label: 'Your passkeys',
          icon: 'passkey',
          onSelect: () => router.push(routes.passkeys()),
        },
        { key: 'out', label: 'Sign out', icon: 'sign-out', onSelect: () => void endSession() },
      ]}
    />
  );
}
