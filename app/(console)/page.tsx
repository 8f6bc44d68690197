import { redirect } from 'next/navigation';
import { homePath } from '@/lib/identity/permissions';
import { requireViewer } from '@/lib/server/identity/require-viewer';

/** The console begins where this person's work is: reviewers at the queue, investigators at decisions, others at settings. */
export default async function HomePage() {
  redirect(homePath((await requireViewer()).roles));
}
