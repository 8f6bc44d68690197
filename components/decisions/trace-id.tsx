import Link from 'next/link';
import { Icon } from '@/components/ui/icon';
import { Id } from '@/components/ui/id';
import { VisuallyHidden } from '@/components/ui/visually-hidden';
import { routes } from '@/lib/client/routes';
import { useTraceUrl } from '@/lib/client/trace-template';
import './trace-id.css';

/** A trace id that leads to every decision of that trace and, where one is configured, to the tracing UI. */
export function TraceId({ value }: { value: string }) {
  return (
    <span className="trace-id">
      <Link
        className="link"
        href={routes.decisions(`trace:${value}`)}
        prefetch={false}
        title="Every decision of this trace"
      >
        <Id value={value} />
      </Link>
      <TraceLink traceId={value} />
    </span>
  );
}

/** Opens the trace in the tracing UI; nothing where none is configured. */
export function TraceLink({ traceId, tabIndex }: { traceId: string | null; tabIndex?: number }) {
  const url = useTraceUrl(traceId);
  if (url === null) return null;
  return (
    <a className="trace-open" href={url} target="_blank" rel="noreferrer noopener" tabIndex={tabIndex}>
      <Icon name="external" small />
      <VisuallyHidden>Open the trace in the tracing UI</VisuallyHidden>
    </a>
  );
}
