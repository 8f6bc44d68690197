import { Id } from '@/components/ui/id';
import { MarkTag } from '@/components/ui/mark-tag';
import { MarkedText } from '@/components/ui/marked-text';
import { NotInspectable } from '@/components/ui/not-inspectable';
import { Subhead } from '@/components/ui/subhead';
import { isReadableType } from '@/lib/attention/not-inspectable';
import type { EscalationDetail, Evidence } from '@/lib/escalations/escalation-view';
import { excerptOf, type Passage, PassageText } from './passage-text';

type Retrieved = Evidence['retrieved'][number];

/** Every retrieved item with its score and digest; its text whole behind one click, marked passages at once. */
export function RetrievedRows({
  retrieved,
  marked,
}: {
  retrieved: readonly Retrieved[];
  marked: EscalationDetail['marked'];
}) {
  const count = marked
    .filter(({ item }) => item >= 0)
    .reduce((sum, { passages }) => sum + passages.length, 0);
  return (
    <div className="card">
      <Subhead
        title="Retrieved"
        note={retrieved.length === 1 ? '1 item' : `${retrieved.length} items`}
        end={
          count > 0 && (
            <MarkTag>
              {count === 1
                ? '1 passage reads like an instruction'
                : `${count} passages read like instructions`}
            </MarkTag>
          )
        }
      />
      {retrieved.length === 0 ? (
        <p className="lab">Nothing was attached as retrieved.</p>
      ) : (
        <ol className="retrieved">
          {retrieved.map((item, at) => (
            <RetrievedRow
              // biome-ignore lint/suspicious/noArrayIndexKey: an item may stand twice; its place is its name
              key={at}
              number={at + 1}
              item={item}
              passages={marked.find((each) => each.item === at)?.passages ?? []}
            />
          ))}
        </ol>
      )}
    </div>
  );
}

function RetrievedRow({
  number,
  item,
  passages,
}: {
  number: number;
  item: Retrieved;
  passages: readonly Passage[];
}) {
  const text = item.text;
  return (
    <li>
      <span className="num dim">{number}</span>
      <div className="retrieved-what">
        <p>
          <MarkedText text={item.title ?? item.id} />
          {item.title !== undefined && (
            <small className="dim">
              {' '}
              <MarkedText text={item.id} />
            </small>
          )}
        </p>
        {text !== undefined &&
          passages.map((passage) => {
            const excerpt = excerptOf(text, passage);
            return (
              <div className="passage" key={passage.from}>
                <p className="quote">
                  <PassageText text={excerpt.text} passages={[excerpt.passage]} />
                </p>
                <p className="lab">
                  Characters {(passage.from + 1).toLocaleString('en')} to {passage.to.toLocaleString('en')} of{' '}
                  {text.length.toLocaleString('en')}: {passage.why}.
                </p>
              </div>
            );
          })}
        {text === undefined ? (
          <p className="lab">
            <NotInspectable /> No text was attached; only its digest is known.
          </p>
        ) : isReadableType(item.mediaType) ? (
          <details className="whole">
            <summary>All {text.length.toLocaleString('en')} characters</summary>
            <div className="quote whole-text">
              <PassageText text={text} passages={passages} />
            </div>
          </details>
        ) : (
          <p className="lab">
            <NotInspectable /> {item.mediaType}, {text.length.toLocaleString('en')} characters. It cannot be
            drawn here.
          </p>
        )}
      </div>
      <span className="num retrieved-score">
        <span className="dim">score</span> {item.score ?? 'none'}
      </span>
      <span className="retrieved-digest">
        {item.digest === undefined ? <span className="dim">no digest</span> : <Id value={item.digest} />}
      </span>
    </li>
  );
}
