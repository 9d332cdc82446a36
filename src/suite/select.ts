import type { Level, Role } from '../events/verdict.ts';
import { regex } from '../match/regex.ts';
import type { Case } from './case.ts';
import type { Suite } from './load-suite.ts';

/** Which cases are wished for. Absent wishes are met by all. */
export interface Selection {
  readonly role: Role;
  /** Globs on ids: `*` stands for anything; a glob without `*` also selects what lies below it. */
  readonly filters?: readonly string[];
  readonly requirements?: readonly string[];
  readonly levels?: readonly Level[];
}

/** The cases that are selected, and the control twins that they need. */
export function select(suite: Suite, selection: Selection): Case[] {
  const ofRole = suite.cases.filter((one) => one.role === selection.role);
  const chosen = new Set(ofRole.filter((one) => isWished(suite, one, selection)));
  for (const one of chosen) {
    for (const other of ofRole)
      if (one.control !== undefined && isRowOf(other, one.control)) chosen.add(other);
  }
  return ofRole.filter((one) => chosen.has(one));
}

/** True if the case is the one of that id, or a row of it. */
export function isRowOf(one: Pick<Case, 'id'>, id: string): boolean {
  return one.id === id || one.id.startsWith(`${id}[`);
}

function isWished(suite: Suite, one: Case, selection: Selection): boolean {
  const { filters, requirements, levels } = selection;
  if (filters && !filters.some((filter) => matchesGlob(one.id, filter))) return false;
  if (requirements && !one.proves.some((id) => requirements.includes(id))) return false;
  if (!levels) return true;
  return one.proves.some((id) => levels.includes(suite.requirements.byId.get(id)?.level as Level));
}

/** True if an id fits a glob, wherever in the id the glob begins. */
export function matchesGlob(id: string, glob: string): boolean {
  const source = glob
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return regex(`(.*/)?${source}([/\\[].*)?`).full(id);
}
