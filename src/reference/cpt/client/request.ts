/** What the client says; each is answered before the next. */
export type Request =
  | { readonly word: 'CONNECT'; readonly username: string }
  | { readonly word: 'SEND'; readonly target: string; readonly text: string }
  /** `after` is in epoch seconds. */
  | { readonly word: 'SYNC'; readonly group: string; readonly after: string };

/** What follows the word, in the order of the syntax line. */
export function parametersOf(request: Request): readonly string[] {
  switch (request.word) {
    case 'CONNECT':
      return [request.username];
    case 'SEND':
      return [request.target, request.text];
    case 'SYNC':
      return [request.group, request.after];
  }
}
