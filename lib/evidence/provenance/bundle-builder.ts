import type { ProvBundle, RelationName } from './prov-document';

/** Gathers one bundle; relations are numbered. */
export class BundleBuilder {
  readonly told: Required<Pick<ProvBundle, 'entity' | 'activity' | 'agent'>> & ProvBundle = {
    entity: {},
    activity: {},
    agent: {},
  };
  private relations = 0;

  element(
    kind: 'entity' | 'activity' | 'agent',
    id: string,
    attributes: Record<string, string | string[]> = {},
  ): string {
    this.told[kind][id] = { ...this.told[kind][id], ...attributes };
    return id;
  }

  relate(kind: RelationName, members: Record<string, string>): void {
    const list = this.told[kind] ?? {};
    list[`_:${++this.relations}`] = members;
    this.told[kind] = list;
  }
}
