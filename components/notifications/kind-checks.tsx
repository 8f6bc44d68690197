import {
  KIND_NAMES,
  NOTIFICATION_KINDS,
  type NotificationKind,
} from '@/lib/notifications/notification-kinds';

/** One box a kind of notice. */
export function KindChecks({ legend, chosen }: { legend: string; chosen: readonly NotificationKind[] }) {
  return (
    <fieldset>
      <legend>{legend}</legend>
      <div className="settings-checks">
        {NOTIFICATION_KINDS.map((kind) => (
          <label key={kind}>
            <input type="checkbox" name={`kind-${kind}`} defaultChecked={chosen.includes(kind)} />
            {KIND_NAMES[kind]}
          </label>
        ))}
      </div>
    </fieldset>
  );
}

/** The kinds whose boxes are ticked. */
export function readKinds(entered: FormData): NotificationKind[] {
  return NOTIFICATION_KINDS.filter((kind) => entered.get(`kind-${kind}`) === 'on');
}
