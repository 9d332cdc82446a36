import { printable } from '../wire/printable.ts';
import type { FreePart } from './finding.ts';
import type { Move, Mutation, Plan } from './plan.ts';

/** A mutation in words, e.g. "`target` repeated 4,096 times". */
export function mutationInWords(mutation: Mutation): string {
  const at = 'at' in mutation ? `\`${mutation.at.replace(/^\//, '') || 'the packet'}\`` : '';
  switch (mutation.kind) {
    case 'drop':
      return `${at} left out`;
    case 'double':
      return `${at} given twice`;
    case 'replace':
      return `${at} is ${brief(mutation.value)}`;
    case 'add':
      return `${at} added: ${brief(mutation.value)}`;
    case 'swap':
      return `${at} and \`${mutation.with.replace(/^\//, '')}\` exchanged`;
    case 'graft':
      return `${at} is that of ${mutation.from}: ${brief(mutation.value)}`;
    case 'retype':
      return `${at} ${typeWords[mutation.to]}`;
    case 'rename':
      return `${at} called ${nameOf(mutation.to)}`;
    case 'swell':
      return `${count(mutation.times)} more items in ${at}`;
    case 'rewrite':
      return rewritingWords[mutation.as];
    case 'word':
      return `its first word is ${nameOf(mutation.text)}`;
    case 'respace':
      return `${nameOf(mutation.text)} between its words`;
    case 'put-octets':
      return `octets ${mutation.hex} put in ${offsetWords(mutation.offset)}`;
    case 'flip':
      return `bit ${mutation.bit % 8} flipped ${offsetWords(mutation.offset)}`;
    case 'stop-at':
      return mutation.offset < 0
        ? `the last ${count(-mutation.offset)} octets not sent`
        : `only its first ${count(mutation.offset)} octets sent`;
    case 'deepen':
      return `${at} ${count(mutation.times)} levels deep`;
    case 'repeat':
      return `${at} repeated ${count(mutation.times)} times`;
    case 'fill':
      return `${at} is ${count(mutation.times)} times ${nameOf(mutation.text)}`;
    case 'insert':
      return `${nameOf(mutation.text)} inside ${at}`;
    case 'insert-octets':
      return `octets ${mutation.hex} inside ${at}`;
    case 'set-octets':
      return `octets ${mutation.hex} ${offsetWords(mutation.offset)}`;
    case 'cut':
      return `${count(mutation.length)} octets cut out at offset ${mutation.offset}`;
    case 'announce':
      return `length says ${count(mutation.length)}`;
    case 'no-end':
      return 'no end of the message';
    case 'other-end':
      return `ended by ${mutation.hex}`;
    case 'split':
      return `cut in two ${offsetWords(mutation.offset)}`;
    case 'drip':
      return 'sent octet by octet';
    case 'again':
      return `sent ${count(mutation.times + 1)} times`;
  }
}

/** What does not matter, in words: "another `text` does it too". */
export function freePartInWords(plans: readonly Plan[], { plan, move, part, instead }: FreePart): string {
  const at = plans[plan]?.moves[move];
  if (at?.do !== 'send') return `${at?.peer ?? 'a peer'}: other octets do it too`;
  const [, index, key] = /^mutations\/(\d+)\/(\w+)$/.exec(part) ?? [];
  const mutation = at.mutations[Number(index)];
  if (mutation === undefined || key === undefined)
    return `${at.peer}, ${at.message}: another \`${part.slice(1)}\` does it too, ${brief(instead)}`;
  const made = mutationInWords({ ...mutation, [key]: instead } as Mutation);
  return `${at.peer}, ${at.message}: this does it too, ${made}${key === 'offset' ? ` at ${instead}` : ''}`;
}

/** A move in words. */
export function moveInWords(move: Move): string {
  if (move.do === 'octets') return `${move.peer} sends ${move.hex.length / 2} raw octets`;
  if (move.do === 'stimulate') return `${move.peer} is made to ${move.stimulus}`;
  if (move.do !== 'send') return `${move.peer} ${moveWords[move.do]}`;
  const how = move.mutations.map(mutationInWords).join('; ');
  return `${move.peer} sends ${move.message}${how === '' ? '' : ` (${how})`}`;
}

const typeWords = {
  string: 'as a text',
  number: 'as a number',
  boolean: 'as true or false',
  null: 'is null',
  array: 'inside a list',
  object: 'inside a mapping',
} as const;

const rewritingWords = {
  'trailing-comma': 'a comma behind its last member',
  comment: 'with comments around it',
  'single-quotes': 'in single quotation marks',
  nan: 'with a member that is NaN',
  'byte-order-mark': 'behind a byte order mark',
  'in-a-list': 'inside a list',
  'followed-by-another': 'twice in one packet',
  unclosed: 'without its last character',
  'utf-16': 'in UTF-16',
  'blank-lines': 'between blank lines',
} as const;

function offsetWords(offset: number): string {
  return offset < 0 ? `${count(-offset)} octets before the end` : `at offset ${count(offset)} of the frame`;
}

const moveWords = {
  open: 'connects',
  hear: 'says something',
  close: 'closes',
  reset: 'resets',
  'half-close': 'ends its half',
  'stop-reading': 'stops reading',
} as const;

const named: Readonly<Record<string, string>> = {
  '\n': 'LF',
  '\r': 'CR',
  '\r\n': 'CR LF',
  '\0': 'NUL',
  '\t': 'TAB',
  ' ': 'a blank',
  '\u001b': 'ESC',
  '\u202e': 'U+202E',
};

function nameOf(text: string): string {
  return named[text] ?? brief(text);
}

function brief(value: unknown): string {
  return printable(typeof value === 'string' ? `"${value}"` : (JSON.stringify(value) ?? 'nothing'), 60);
}

function count(value: number): string {
  return value.toLocaleString('en-US');
}
