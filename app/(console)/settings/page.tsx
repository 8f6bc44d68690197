import { redirect } from 'next/navigation';
import { routes } from '@/lib/client/routes';
import { PAGE_ROLES } from '@/lib/identity/permissions';
import { listSettingsSections } from '@/lib/identity/settings-sections';
import { requireViewer } from '@/lib/server/identity/require-viewer';

/** The settings begin with the first part that this person sees. */
export default async function SettingsPage() {
  const viewer = await requireViewer(PAGE_ROLES.settings);
  redirect(`${routes.settings()}/${listSettingsSections(viewer.roles)[0]}`);
}
