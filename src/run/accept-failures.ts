import { type Document, isMap, isScalar, parseDocument, YAMLMap } from 'yaml';
import type { ExpectedFailure } from '../events/event.ts';

/**
 * The text of a list of expected failures with more entries and without the stale ones. What else stands in
 * it, reasons and comments, stays as it is. `text` must be a list that `loadExpectedFailures` takes, or empty.
 */
export function acceptFailures(
  text: string,
  more: readonly ExpectedFailure[],
  stale: readonly ExpectedFailure[],
): string {
  const document: Document = parseDocument(text);
  const entries = isMap(document.contents) ? document.contents : new YAMLMap();
  document.contents = entries;
  const head = entries.items[0]?.key;
  for (const { entry } of stale) entries.delete(entry);
  // What stands at the head of the file may speak of all of it.
  if (isScalar(head) && head.commentBefore && entries.items[0]?.key !== head) {
    document.commentBefore = [document.commentBefore, head.commentBefore].filter(Boolean).join('\n');
  }
  for (const { entry, reason } of more) entries.set(entry, reason);
  if (entries.items.length === 0) return kept(document.commentBefore, document.comment);
  entries.flow = false;
  return document.toString({ lineWidth: 0, flowCollectionPadding: false });
}

/** Comments alone: a list of nothing. */
function kept(...comments: (string | null | undefined)[]): string {
  return comments
    .flatMap((comment) => (comment ? comment.split('\n').map((line) => `#${line}\n`) : []))
    .join('');
}
