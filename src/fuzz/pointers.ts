/** JSON Pointers (RFC 6901) of all that is inside a value. */
export function pointersOf(value: unknown, base = ''): string[] {
  if (value === null || typeof value !== 'object') return [];
  return Object.entries(value).flatMap(([key, inner]) => {
    const at = `${base}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`;
    return [at, ...pointersOf(inner, at)];
  });
}

/** The keys of a JSON Pointer. */
export function keysOf(pointer: string): string[] {
  const keys = pointer.split('/').slice(1);
  return pointer.includes('~') ? keys.map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~')) : keys;
}

/** What is at a pointer; undefined where there is nothing. */
export function valueAt(value: unknown, pointer: string): unknown {
  let found = value;
  for (const key of keysOf(pointer)) {
    if (found === null || typeof found !== 'object' || !Object.hasOwn(found, key)) return undefined;
    found = (found as Record<string, unknown>)[key];
  }
  return found;
}

/** A value with something else at a pointer; members that are missing are made, items are not. */
export function withValueAt(value: unknown, pointer: string, made: unknown): unknown {
  return setAt(value, keysOf(pointer), made);
}

function setAt(value: unknown, path: readonly string[], made: unknown): unknown {
  const [key, ...rest] = path;
  if (key === undefined) return made;
  if (Array.isArray(value))
    return value.map((item, index) => (String(index) === key ? setAt(item, rest, made) : item));
  if (value === null || typeof value !== 'object') return value;
  const inner = Object.hasOwn(value, key) ? (value as Record<string, unknown>)[key] : undefined;
  return { ...value, [key]: setAt(inner, rest, made) };
}
