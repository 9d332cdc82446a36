/** The anchor of a requirement: what stands behind `#` in a link to it. */
export function requirementAnchor(id: string): string {
  return `req-${slug(id)}`;
}

/** The anchor of a case. */
export function caseAnchor(id: string): string {
  return `case-${slug(id)}`;
}

/** The anchor of a finding. */
export function findingAnchor(id: string): string {
  return `finding-${slug(id)}`;
}

/** Letters that mean nothing in HTML or in an address; all others as their code after `~`. */
function slug(id: string): string {
  return id.replace(/[^\w./-]/gu, (char) => `~${char.codePointAt(0)?.toString(16)}`);
}
