import { EVENT_ID, type Event, getScalarValue, SCALAR_STYLE, type ScalarEvent } from 'js-yaml';

/** Steps from the root of a document to a value in it. */
export type Path = readonly (string | number)[];

/** Offsets into the text: of the first character, and behind the last. */
export type Range = readonly [start: number, end: number];

/** A part of a YAML document and where it stands. */
export interface YamlNode {
  /** Absent where nothing is written for an empty value. */
  readonly range?: Range;
  /** The members of a mapping. */
  readonly members?: Map<string, { readonly key: YamlNode; readonly value: YamlNode }>;
  /** The items of a list. */
  readonly items?: readonly YamlNode[];
}

/** What a document is made of, and what is wrong with it as a whole. */
export interface YamlTree {
  readonly root: YamlNode;
  readonly documents: number;
  /** Keys that stand in their mapping a second time. */
  readonly repeated: readonly { readonly key: string; readonly range: Range }[];
  /** How many aliases are followed when the document is written out; infinite where one holds itself. */
  readonly follows: number;
}

interface Open {
  readonly node: YamlNode & { items?: YamlNode[] };
  readonly anchor: string | undefined;
  key: { readonly name: string; readonly node: YamlNode } | undefined;
  follows: number;
}

/** Makes the tree of the events of a parser. */
export function yamlTree(text: string, events: readonly Event[]): YamlTree {
  const anchors = new Map<string, { readonly node: YamlNode; readonly follows: number }>();
  const repeated: { key: string; range: Range }[] = [];
  const open: Open[] = [];
  let [documents, follows] = [0, 0];
  let root: YamlNode = {};
  const anchorOf = (event: { anchorStart: number; anchorEnd: number }): string | undefined =>
    event.anchorStart < 0 ? undefined : text.slice(event.anchorStart, event.anchorEnd);
  const put = (node: YamlNode, name: string, times: number): void => {
    const parent = open.at(-1);
    if (!parent) {
      root = node;
      follows = times;
      return;
    }
    parent.follows += times;
    if (parent.node.items) parent.node.items.push(node);
    else if (!parent.key) parent.key = { name, node };
    else {
      const { key } = parent;
      parent.key = undefined;
      const members = parent.node.members as NonNullable<YamlNode['members']>;
      if (members.has(key.name)) repeated.push({ key: key.name, range: key.node.range ?? [0, 0] });
      else members.set(key.name, { key: key.node, value: node });
    }
  };
  for (const event of events) {
    if (event.type === EVENT_ID.DOCUMENT) documents += 1;
    else if (event.type === EVENT_ID.MAPPING || event.type === EVENT_ID.SEQUENCE) {
      const range: Range = [event.start, event.start + 1];
      const node = event.type === EVENT_ID.MAPPING ? { range, members: new Map() } : { range, items: [] };
      open.push({ node, anchor: anchorOf(event), key: undefined, follows: 0 });
    } else if (event.type === EVENT_ID.POP) {
      const done = open.pop();
      if (!done) continue;
      if (done.anchor !== undefined) anchors.set(done.anchor, done);
      put(done.node, '', done.follows);
    } else if (event.type === EVENT_ID.ALIAS) {
      const anchored = anchors.get(text.slice(event.anchorStart, event.anchorEnd));
      put(anchored?.node ?? {}, '', 1 + (anchored?.follows ?? Number.POSITIVE_INFINITY));
    } else {
      const node = scalar(text, event);
      const anchor = anchorOf(event);
      if (anchor !== undefined) anchors.set(anchor, { node, follows: 0 });
      put(node, open.at(-1)?.node.members ? getScalarValue(text, event) : '', 0);
    }
  }
  return { root, documents, repeated, follows };
}

function scalar(text: string, { valueStart, valueEnd, style }: ScalarEvent): YamlNode {
  if (valueStart < 0) return {};
  if (style === SCALAR_STYLE.PLAIN) return { range: [valueStart, valueEnd] };
  if (style === SCALAR_STYLE.SINGLE_QUOTED || style === SCALAR_STYLE.DOUBLE_QUOTED)
    return { range: [valueStart - 1, valueEnd + 1] };
  const start = text.lastIndexOf(style === SCALAR_STYLE.LITERAL_BLOCK ? '|' : '>', valueStart);
  return { range: [start, valueEnd] };
}

/** Where the value at a path stands, or its key: the nearest thing on the way that is there. */
export function rangeOf(root: YamlNode, path: Path, what: 'key' | 'value'): Range | undefined {
  let node = root;
  let key: YamlNode | undefined;
  let found = node.range;
  for (const step of path) {
    const member = node.members?.get(String(step));
    const item = typeof step === 'number' ? node.items?.[step] : undefined;
    if (!member && !item) return found;
    key = member?.key;
    node = member?.value ?? (item as YamlNode);
    found = node.range ?? key?.range ?? found;
  }
  return what === 'key' ? (key?.range ?? found) : found;
}
