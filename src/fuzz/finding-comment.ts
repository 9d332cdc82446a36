import type { TranscriptEntry } from '../events/event.ts';
import type { Protocol } from '../protocol/definition.ts';
import { printable } from '../wire/printable.ts';
import { besideValid } from './beside-valid.ts';
import type { Finding } from './finding.ts';
import { freePartInWords, moveInWords } from './words.ts';

/** Lines of a conversation, and of what the target printed, that a finding shows. */
const [mostEntries, mostOutput] = [40, 30];

/** All that a person wants to know of a finding, a line each; nothing a target said breaks a line. */
export function findingComment(protocol: Protocol, finding: Finding, again: string): string[] {
  const { symptom, plans, free = [], transcript, output } = finding;
  const moves = plans.flatMap((plan) => plan.moves);
  const packets = moves.flatMap((move) => {
    const beside = move.do === 'send' && move.mutations.length > 0 ? besideValid(protocol, move) : undefined;
    if (!beside) return [];
    return [
      moveInWords(move),
      `  valid  ${beside.valid}`,
      `  sent   ${beside.sent}`,
      `         ${' '.repeat(beside.at)}^`,
    ];
  });
  return [
    printable(symptom.bucket),
    '',
    ...moves.map((move) => `- ${moveInWords(move)}`),
    ...chapter(
      'What does not matter',
      free.map((part) => `- ${freePartInWords(plans, part)}`),
    ),
    ...chapter('Beside the valid packet', packets),
    ...chapter('What was sent and heard in the end', entriesOf(transcript)),
    ...chapter('What the target printed last', outputOf(output)),
    ...chapter('Again', [again]),
  ];
}

function chapter(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : ['', `${title}:`, ...lines];
}

function entriesOf(transcript: readonly TranscriptEntry[]): string[] {
  const shown = transcript.slice(-mostEntries);
  const left = transcript.length - shown.length;
  return [...(left > 0 ? [`… ${left} lines before`] : []), ...shown.map(entryText)];
}

const verbs: Readonly<Record<TranscriptEntry['what'], string>> = {
  connect: 'connects',
  send: '>:',
  receive: '<:',
  end: 'sees the end of the stream',
  reset: 'sees a reset',
  close: 'closes',
  note: '·',
};

/** The texts of a transcript are printable already. */
function entryText({ peer, what, text }: TranscriptEntry): string {
  return [peer, verbs[what], text.length > 240 ? `${text.slice(0, 240)}…` : text]
    .filter((word) => word !== '')
    .join(' ');
}

function outputOf(output: string): string[] {
  const lines = output.split('\n').map((line) => printable(line.trimEnd(), 200));
  while (lines.at(-1) === '') lines.pop();
  return lines.slice(-mostOutput);
}
