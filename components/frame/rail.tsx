import { routes } from '@/lib/client/routes';
import type { ConsolePage } from '@/lib/identity/permissions';
import { BrandMark } from './brand-mark';
import { FrameLink } from './frame-link';
import type { FramePerson } from './frame-viewer';
import { PersonMenu } from './person-menu';
import { RailLink } from './rail-link';
import { ShortcutButton } from './shortcut-button';
import { ThemeToggle } from './theme-toggle';
import { ZoneToggle } from './zone-toggle';

/** The left rail of wide screens: where one can go, how pages look, who is signed in. */
export function Rail({ pages, person }: { pages: readonly ConsolePage[]; person: FramePerson }) {
  return (
    <aside className="rail" aria-label="Console">
      <FrameLink className="brand" href={routes.home()}>
        <BrandMark />
        Countersign
      </FrameLink>
      <nav aria-label="Main">
        <ul>
          {pages.map((page) => (
            <li key={page}>
              <RailLink page={page} />
            </li>
          ))}
        </ul>
      </nav>
      <div className="rail-foot">
        <span>
          <ZoneToggle />
        </span>
        <ThemeToggle />
        <ShortcutButton />
        <PersonMenu person={person} />
      </div>
    </aside>
  );
}
