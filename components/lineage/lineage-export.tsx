'use client';

import { Button, buttonClass } from '@/components/ui/button';
import { closureExportPath } from '@/lib/client/queries/lineage';
import { saveFile } from '@/lib/client/save-file';
import { describeGraph } from '@/lib/evidence/provenance/describe-graph';
import { formatRunEvents, listRunEvents } from '@/lib/evidence/provenance/open-lineage';
import type { LineageGraph } from '@/lib/lineage/lineage-graph';

/** What is drawn, or everything that came of the centre, as W3C PROV-JSON or OpenLineage. */
export function LineageExport({ graph }: { graph: LineageGraph }) {
  const { origin } = globalThis.location;
  const drawn = { nodes: [...graph.nodes.values()], edges: [...graph.edges.values()] };
  return (
    <section className="panel selbox" aria-label="Take it out">
      <div className="subhead">
        <b>Take it out</b>
        <span className="end lab">{graph.nodes.size.toLocaleString('en')} shown</span>
      </div>
      <div className="lexport">
        <span className="t2">what is shown</span>
        <Button
          small
          icon="download"
          onClick={() =>
            saveFile(
              new Blob(
                [JSON.stringify(describeGraph(drawn, { origin, center: graph.center, complete: false }))],
                { type: 'application/json' },
              ),
              'lineage-shown.prov.json',
            )
          }
        >
          PROV-JSON
        </Button>
        <Button
          small
          icon="download"
          onClick={() =>
            saveFile(
              new Blob([formatRunEvents(listRunEvents(drawn, { origin }))], { type: 'application/x-ndjson' }),
              'lineage-shown.openlineage.ndjson',
            )
          }
        >
          OpenLineage
        </Button>
        <span className="t2">all that came of it</span>
        <a className={buttonClass({ small: true })} href={closureExportPath(graph.center, 'prov')} download>
          PROV-JSON
        </a>
        <a
          className={buttonClass({ small: true })}
          href={closureExportPath(graph.center, 'openlineage')}
          download
        >
          OpenLineage
        </a>
      </div>
    </section>
  );
}
