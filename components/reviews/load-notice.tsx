import { Time } from '@/components/ui/time';
import type { LoadView } from '@/lib/escalations/load-view';
import { describeLoad } from './reading-words';
import './load-notice.css';

/** Quietly, before and at the limit of what one person takes: nothing is wrong, somebody else is next. */
export function LoadNotice({ load }: { load: LoadView | null }) {
  const words = load && describeLoad(load);
  if (!load || !words) return null;
  return (
    <div className="load-notice">
      <div>
        <b>{words.title}</b>
        <p>
          {words.meaning}
          {load.freeAt !== null && (
            <>
              {' '}
              Free again at <Time at={load.freeAt} precision="clock" />.
            </>
          )}
        </p>
      </div>
    </div>
  );
}
