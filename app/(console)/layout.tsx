import { cookies } from 'next/headers';
import type { ReactNode } from 'react';
import { Frame } from '@/components/frame/frame';
import { Providers } from '@/lib/client/providers';
import { HOME_ZONE_COOKIE, parseHomeZone, parseZoneChoice, ZONE_COOKIE } from '@/lib/client/zone-choice';
import { DECIDING_ROLES, holdsRole, listPages } from '@/lib/identity/permissions';
import { ROLE_NAMES } from '@/lib/identity/role';
import { nowMs } from '@/lib/server/clock';
import { getConfig } from '@/lib/server/config';
import { requireViewer } from '@/lib/server/identity/require-viewer';

/** Every console page: a signed-in person, the frame around the page, and what the page needs in the browser. */
export default async function ConsoleLayout({ children }: { children: ReactNode }) {
  const [viewer, jar] = await Promise.all([requireViewer(), cookies()]);
  const serverNowMs = nowMs();
  return (
    <Providers
      zone={parseZoneChoice(jar.get(ZONE_COOKIE)?.value)}
      homeZone={parseHomeZone(jar.get(HOME_ZONE_COOKIE)?.value, serverNowMs)}
      serverNowMs={serverNowMs}
      traceTemplate={getConfig().traceTemplate}
    >
      <Frame
        pages={listPages(viewer.roles)}
        person={{
          name: viewer.person.name,
          role: viewer.roles.map((role) => ROLE_NAMES[role]).join(', '),
          decides: holdsRole(viewer.roles, DECIDING_ROLES),
        }}
        tenant={viewer.tenant}
        tenants={viewer.tenants}
        environment={viewer.demo ? 'Demo' : null}
      >
        {children}
      </Frame>
    </Providers>
  );
}
