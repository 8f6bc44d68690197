import { Button } from '@/components/ui/button';
import { Fingerprint } from '@/components/ui/fingerprint';
import { Icon } from '@/components/ui/icon';
import { Id } from '@/components/ui/id';
import { MarkedText } from '@/components/ui/marked-text';
import type { Check } from '@/lib/integrity/check';
import { explainCode } from './explain-code';

const WORDS = { valid: 'VALID', invalid: 'INVALID', 'not-checked': 'NOT CHECKED' } as const;
const CLASSES = { valid: 'valid', invalid: 'invalid', 'not-checked': 'nc' } as const;

function took(ms: number | undefined): string {
  if (ms === undefined) return '';
  if (ms < 1) return '<1 ms';
  return ms < 1_000 ? `${Math.round(ms)} ms` : `${(ms / 1_000).toFixed(1)} s`;
}

/** One line of a report: verdict, name, what was compared, key, time; INVALID opens to the place and both values. */
export function CheckRow({ check, tookMs }: { check: Check; tookMs?: number }) {
  return (
    <li className={`ck ${CLASSES[check.verdict]}`} data-check={check.id} data-verdict={check.verdict}>
      <span className="st">
        <Icon name={check.verdict} />
        <b>{WORDS[check.verdict]}</b>
      </span>
      <span className="nm">{check.title}</span>
      <span className="wh">
        <MarkedText text={check.compared} />
        {check.verdict === 'not-checked' && check.reason !== undefined && (
          <span className="why-nc">
            : <MarkedText text={check.reason} />
          </span>
        )}
        {check.root?.pinnedBy !== undefined && (
          <small className="ck-pinned">
            pinned by <MarkedText text={check.root.pinnedBy} />
          </small>
        )}
      </span>
      <span className="ky">
        <KeyOf check={check} />
      </span>
      <span className="tm num">{took(tookMs)}</span>
      {check.verdict === 'invalid' && <Where check={check} />}
      {check.details !== undefined && check.details.length > 0 && <Details details={check.details} />}
    </li>
  );
}

const ED25519_THUMBPRINT = /^[A-Za-z0-9_-]{43}$/;

/** The pinned root that the line rests on, or else the key that it names. */
function KeyOf({ check: { root, key } }: { check: Check }) {
  if (root) {
    return (
      <span className="ck-root" title={`${root.name}, ${root.fingerprint}`}>
        <Fingerprint digest={root.fingerprint} />
        <span className="ck-root-name">
          <MarkedText text={root.name} />
        </span>
        <span className="vh">, fingerprint {root.fingerprint}</span>
      </span>
    );
  }
  if (key === undefined || key === '') return null;
  // A certificate's or a service's name is read, not compared letter by letter.
  if (/\s/.test(key)) {
    return (
      <span className="ck-root-name" title={key}>
        <MarkedText text={key} />
      </span>
    );
  }
  return (
    <>
      {ED25519_THUMBPRINT.test(key) && 'ed25519 '}
      <Id value={key} />
    </>
  );
}

/** The finer checks behind a line, open where it is not VALID. */
function Details({ details }: { details: readonly Check[] }) {
  const open = details.filter(({ verdict }) => verdict !== 'valid').length;
  return (
    <details className="ck-more">
      <summary>
        {details.length === 1 ? '1 check' : `${details.length} checks`} behind this line
        {open > 0 && `, ${open} of them not VALID`}
      </summary>
      <ol className="checks fine">
        {details.map((detail, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: lines of one receipt never change their order
          <CheckRow key={at} check={detail} />
        ))}
      </ol>
    </details>
  );
}

function place(check: Check): string {
  const { where } = check;
  if (!where) return '';
  const record =
    where.position === undefined ? 'The stream' : `Record ${where.position.toLocaleString('en')}`;
  const bytes =
    where.byteFrom === undefined || where.byteTo === undefined
      ? ''
      : `, bytes ${where.byteFrom.toLocaleString('en')} to ${where.byteTo.toLocaleString('en')}`;
  const leaf = where.index === undefined ? '' : `, leaf ${where.index.toLocaleString('en')}`;
  return `${record}${bytes}${leaf}`;
}

function Where({ check }: { check: Check }) {
  const { where, expected, computed, code } = check;
  return (
    <div className="where">
      {where && (
        <p>
          <b>{place(check)}</b>
          {where.stream !== undefined && (
            <>
              {' '}
              of <Id value={where.stream} whole />
            </>
          )}
        </p>
      )}
      {(expected !== undefined || computed !== undefined) && (
        <dl className="cmp">
          {expected !== undefined && <Compared label="recorded" value={expected} />}
          {computed !== undefined && <Compared label="computed" value={computed} />}
        </dl>
      )}
      <p className="t2">
        {explainCode(code)} {code !== undefined && <code className="dim">{code}</code>}
      </p>
    </div>
  );
}

const HEX = /^(?:[a-z0-9-]+:)?[0-9a-f]{32,}$/;

function Compared({ label, value }: { label: string; value: string }) {
  return (
    <>
      <dt>{label}</dt>
      <dd>
        {HEX.test(value) && <Fingerprint digest={value} />}
        {HEX.test(value) ? (
          <Id value={value} keep={24} copy label={`${label} digest`} />
        ) : (
          <MarkedText text={value} />
        )}
      </dd>
    </>
  );
}

/** A line that is being worked on. */
export function RunningRow({
  title,
  words,
  waiting = false,
}: {
  title: string;
  words: string;
  waiting?: boolean;
}) {
  return (
    <li className={waiting ? 'ck wait' : 'ck run'}>
      <span className="st">
        <Icon name={waiting ? 'waiting' : 'running'} className={waiting ? undefined : 'spin'} />
        <b>{waiting ? 'waiting' : 'checking'}</b>
      </span>
      <span className="nm">{title}</span>
      <span className="wh num">{words}</span>
      <span className="ky" />
      <span className="tm" />
    </li>
  );
}

/** A button that begins the work again from the first record. */
export function FromStartButton({ onClick }: { onClick: () => void }) {
  return (
    <Button small icon="refresh" onClick={onClick}>
      Verify from the first record
    </Button>
  );
}
