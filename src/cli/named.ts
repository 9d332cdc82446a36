/** Splits `name=rest`; a text without a name is all rest. */
export function named(text: string): { readonly name?: string; readonly rest: string } {
  const [, name, rest] = /^([\w.-]+)=(.+)$/s.exec(text) ?? [];
  return name === undefined || rest === undefined ? { rest: text } : { name, rest };
}
