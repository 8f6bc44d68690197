import type { ReactNode } from 'react';
import '@/components/authority/authority.css';
import '@/components/settings/settings.css';

/** One column for every part of the settings. */
export default function SettingsLayout({ children }: { children: ReactNode }) {
  return <div className="page settings">{children}</div>;
}
