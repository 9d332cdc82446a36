const longest = 200;

/** Plain data on one line, about as its author wrote it; cut where it is long. */
export function asWritten(value: unknown): string {
  const text =
    typeof value === 'string' ? value : JSON.stringify(value).replace(/"([A-Za-z_$][\w$-]*)":/g, '$1: ');
  return text.length > longest ? `${text.slice(0, longest)}…` : text;
}
