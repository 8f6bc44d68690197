import { CopyButton } from '@/components/ui/copy-button';
import type { FormatSection } from './format-guide';
import './docs.css';

/** A table of contents, then each format: what for, its bytes, worked examples. */
export function FormatSections({ sections }: { sections: readonly FormatSection[] }) {
  return (
    <>
      <nav aria-label="Formats">
        <ul className="docs-toc">
          {sections.map(({ id, title }) => (
            <li key={id}>
              <a href={`#${id}`}>{title}</a>
            </li>
          ))}
        </ul>
      </nav>
      {sections.map((section) => (
        <section key={section.id} id={section.id} aria-labelledby={`${section.id}-title`}>
          <h2 id={`${section.id}-title`}>{section.title}</h2>
          <p>{section.about}</p>
          <p className="t2">{section.source}</p>
          <pre className="docs-bytes">{section.layout}</pre>
          {section.examples.length > 0 && (
            <dl className="docs-examples">
              {section.examples.map(({ id, given, gives }) => (
                <div key={id}>
                  <dt>{given}</dt>
                  <dd>
                    <code>{gives}</code>
                    <CopyButton text={gives} label={`result of ${given}`} />
                  </dd>
                </div>
              ))}
            </dl>
          )}
        </section>
      ))}
    </>
  );
}
