import { Document, isMap, isSeq, visit } from 'yaml';
import type { Protocol } from '../protocol/definition.ts';
import type { Finding } from './finding.ts';
import { findingComment } from './finding-comment.ts';
import { always } from './harvest.ts';
import { firstState } from './model.ts';
import { lineOf, makePacket } from './packet.ts';
import { isOnFrame, type Move, type Plan, peersOf, type SendMove } from './plan.ts';
import { asSent, isWhole, mark, placeholder, standIns } from './references.ts';
import { refusalsOf } from './refusal.ts';
import { secretsOf } from './secrets.ts';
import { traces } from './traces.ts';
import { isValid } from './valid-fields.ts';
import { withBarriers } from './with-barriers.ts';

/**
 * A finding as a suite file with one case: it fails while the target does what was found, and passes
 * when that is mended. `spar replay` and `spar run --also` hold it. `again` is the command that repeats it.
 */
export function findingCase(
  protocol: Protocol,
  finding: Finding,
  again = `npx spar replay ${finding.id}.yaml`,
): string {
  const { symptom } = finding;
  const peers = finding.plans.flatMap((plan, index) => peersOf(plan).map((peer) => nameOf(peer, index)));
  // What a conversation leaves open is reset at its end, as the campaign does.
  const client = finding.role === 'client';
  const steps: unknown[] = finding.plans.flatMap((plan, index) => [
    ...together(client ? plan.moves : withBarriers(protocol, plan.moves)).flatMap((moves) =>
      stepsOf(protocol, moves, index, finding),
    ),
    ...movers(plan).flatMap((peer) =>
      client ? farewell(nameOf(peer, index), symptom) : [`${nameOf(peer, index)} resets`],
    ),
  ]);
  const alive = client ? undefined : protocol.alive.server;
  const watched = symptom.oracle === 'neighbour' && alive !== undefined;
  if (watched) steps.push('neighbour hears nothing', 'neighbour is connected');
  if (alive !== undefined) steps.push(`survivor ${alive}`);
  const document = new Document({
    protocol: protocol.name,
    section: 'Findings',
    about: `${symptom.message}. Seen ${finding.confirmed.times} of ${finding.confirmed.of} times on a fresh target.`,
    cases: [
      {
        id: finding.id.toLowerCase(),
        title: titleOf(finding),
        ...(client ? { role: 'client' } : {}),
        alone: true,
        ...(symptom.livesOn ? { output: 'clean' } : {}),
        ...(symptom.oracle === 'growth' ? { memory: client ? { below: symptom.below } : 'steady' } : {}),
        peers: [...peers, ...(alive === undefined ? [] : ['survivor'])],
        ...(watched ? { given: [`neighbour ${alive}`] } : {}),
        steps,
      },
    ],
  });
  visit(document, {
    Seq: (_key, node) => {
      if (
        node.items.length > 0 &&
        node.items.every((item) => !isMap(item) && !isSeq(item)) &&
        node.items.length < 8
      )
        node.flow = String(node.items[0]).length < 20;
    },
    Map: (key, node) => {
      if (typeof key === 'number' && node.items.length === 1) node.flow = false;
    },
  });
  document.commentBefore = findingComment(protocol, finding, again)
    .map((line) => (line === '' ? '' : ` ${line}`))
    .join('\n');
  return document.toString({ lineWidth: 110 });
}

const titles: Readonly<Record<Finding['symptom']['oracle'], string>> = {
  death: 'The target lives on',
  hang: 'The target goes on serving',
  deaf: 'The connection is answered or closed',
  breach: 'The replies keep to the protocol',
  accepted: 'What is malformed is not accepted',
  neighbour: 'Another session is left alone',
  leak: 'Replies do not show the inside of the target',
  growth: 'The memory does not grow without end',
};

function titleOf(finding: Finding): string {
  return titles[finding.symptom.oracle];
}

/** A client is left as a server leaves it; one that lives ends its connection, too. */
function farewell(peer: string, { oracle }: Finding['symptom']): unknown[] {
  const last = [{ [`${peer} <?`]: { $any: true } }, `${peer} comes to rest`];
  // What it takes is only seen while it lives.
  if (oracle === 'growth') return last;
  const left = [...last, `${peer} half-closes`];
  return oracle === 'hang' ? [...left, `${peer} is closed`] : left;
}

function movers({ moves }: Plan): string[] {
  return [...new Set(moves.map(({ peer }) => peer))];
}

/** Peers of earlier conversations have names of their own. */
function nameOf(peer: string, conversation: number): string {
  return conversation === 0 ? peer : `${peer}-of-${conversation + 1}`;
}

/** Moves one by one; packets that go out without waiting for answers together with the next of their peer. */
function together(moves: readonly Move[]): (readonly [Move, ...SendMove[]])[] {
  const groups: [Move, ...SendMove[]][] = [];
  for (const move of moves) {
    const last = groups.at(-1);
    const before = last?.at(-1);
    const joins =
      move.do === 'send' &&
      before?.do === 'send' &&
      before.pipelined === true &&
      before.peer === move.peer &&
      [before, move].every(
        ({ mutations }) => !mutations.some(({ kind }) => kind === 'split' || kind === 'drip'),
      );
    if (joins) last?.push(move);
    else groups.push([move]);
  }
  return groups;
}

function stepsOf(
  protocol: Protocol,
  [move, ...more]: readonly [Move, ...SendMove[]],
  conversation: number,
  finding: Finding,
): unknown[] {
  const peer = nameOf(move.peer, conversation);
  if (move.do === 'open') {
    const { from, ...rest } = move.with ?? {};
    const options = {
      ...(mark(rest, (reference) => `\${${rename(protocol, reference, conversation)}}`) as object),
      ...(typeof from === 'string' ? { from: nameOf(from, conversation) } : {}),
    };
    const connects = `${peer} connects`;
    const greeted = finding.role !== 'client' && firstState(protocol) !== protocol.start;
    return [
      Object.keys(options).length === 0 ? connects : { [connects]: options },
      ...(greeted ? [`${peer} comes to rest`] : []),
    ];
  }
  if (move.do === 'hear') return [{ [`${peer} <?`]: { $any: true } }];
  if (move.do === 'stimulate') {
    const given = mark(move.with, (reference) => `\${${rename(protocol, reference, conversation)}}`);
    return [{ [`${peer} does`]: { [move.stimulus]: given } }];
  }
  if (move.do === 'octets') return [{ [`${peer} sends`]: { hex: move.hex } }, `${peer} comes to rest`];
  if (move.do === 'close' || move.do === 'reset')
    return [`${peer} ${move.do === 'close' ? 'closes' : 'resets'}`];
  if (move.do !== 'send') return [`${peer} ${move.do === 'half-close' ? 'half-closes' : 'stops reading'}`];
  const sends = [move, ...more];
  const last = more.at(-1) ?? move;
  const steps: unknown[] = [];
  if (finding.symptom.oracle === 'leak')
    for (const pattern of inside(protocol, finding))
      steps.push({
        [`${peer} never hears`]: protocol.payload === 'text' ? { line: pattern } : { $somewhere: pattern },
      });
  if (finding.symptom.oracle === 'accepted') {
    const mutated = sends.find(({ mutations }) => mutations.length > 0);
    const success = mutated && successOf(protocol, finding, mutated);
    if (success !== undefined) steps.push({ [`${peer} never hears`]: success });
  }
  if (more.length === 0) steps.push(sendStep(protocol, peer, move, conversation));
  else steps.push({ [`${peer} sends`]: sends.flatMap((one) => pieceOf(protocol, one, conversation)) });
  if (last.pipelined !== true)
    steps.push(
      finding.symptom.oracle === 'deaf' && isLast(finding, last)
        ? `${peer} is connected`
        : `${peer} comes to rest`,
    );
  // A reply too many may come after the one that is due.
  if (
    finding.role !== 'client' &&
    finding.symptom.oracle === 'breach' &&
    isLast(finding, last) &&
    last.mutations.length === 0
  )
    steps.push(`${peer} hears nothing`);
  return steps;
}

/** What a text looks like that shows what is nobody's business: the inside of the target, or a password. */
function inside(protocol: Protocol, { symptom, plans }: Finding): readonly unknown[] {
  if (!symptom.bucket.startsWith('leak: password')) return [{ $match: traces.source }];
  const secrets = plans.flatMap(({ moves }, conversation) =>
    moves
      .flatMap((move) => (move.do === 'send' ? secretsOf(move) : []))
      .map((secret) => mark(secret, (reference) => `\${${rename(protocol, reference, conversation)}}`)),
  );
  return [...new Set(secrets)].map((secret) => ({ $holds: secret }));
}

function isLast(finding: Finding, move: Move): boolean {
  return finding.plans.at(-1)?.moves.findLast((one) => one.do === 'send') === move;
}

/** The pattern of the answer that a well-formed message would get, as the protocol file has it. */
function successOf(protocol: Protocol, finding: Finding, move: SendMove): unknown {
  const state = finding.symptom.accepted?.state ?? '';
  const name = protocol.states.get(state)?.get(move.message)?.[0]?.items[0]?.message;
  const { messages } = protocol.source.value as {
    messages: Record<string, { line?: unknown; match?: unknown } | undefined>;
  };
  const raw = messages[name ?? ''];
  if (raw?.line !== undefined) return Array.isArray(raw.line) ? raw.line[0] : raw.line;
  if (raw?.match === undefined) return undefined;
  const refusals = [...refusalsOf(protocol)].flatMap((one) => {
    const match = messages[one]?.match;
    return match === undefined ? [] : [{ $not: match }];
  });
  return refusals.length === 0 ? raw.match : { $all: [raw.match, ...refusals] };
}

function sendStep(protocol: Protocol, peer: string, move: SendMove, conversation: number): unknown {
  if (move.mutations.length > 0) return { [`${peer} sends`]: piecesOfMutated(protocol, move, conversation) };
  const references: string[] = [];
  mark(move.fields, (reference) => `${references.push(rename(protocol, reference, conversation))}`);
  const definition = protocol.messages.get(move.message);
  // What the target said need not be what a valid message may hold, nor need a number.
  const certain = references.every((one) => isSure(protocol, one) && !isNumber.test(one));
  const valid = definition !== undefined && isValid(protocol, definition, move.fields);
  return { [`${peer} ${certain && valid ? '>' : '>!'}`]: validPayload(protocol, move, conversation) };
}

/** A packet as one of several that are written at once. */
function pieceOf(protocol: Protocol, move: SendMove, conversation: number): unknown {
  if (move.mutations.length > 0) return piecesOfMutated(protocol, move, conversation);
  return { message: validPayload(protocol, move, conversation) };
}

function piecesOfMutated(protocol: Protocol, move: SendMove, conversation: number): unknown {
  const references: string[] = [];
  const numbered = (reference: string): string =>
    placeholder(protocol, reference, references.push(rename(protocol, reference, conversation)) - 1);
  const marked = mark(move.fields, numbered, asSent);
  const plainFrame = move.mutations.every(({ kind }) => !isOnFrame(kind));
  const definition = protocol.messages.get(move.message);
  const tried = makePacket(protocol, definition, marked, move.mutations);
  // Where octets of a name itself are changed, another name of that length has to stand for it.
  const packet = isWhole(Buffer.concat(tried.pieces))
    ? tried
    : makePacket(protocol, definition, standIns(protocol, move.fields), move.mutations);
  const json = protocol.payload === 'json';
  const cuts = packet.pieces.slice(0, -1).map((piece) => piece.length);
  const all = Buffer.concat(packet.pieces);
  const header = protocol.framing.encode(new Uint8Array()).length;
  const counted = protocol.framing.name.startsWith('len') || protocol.framing.name === 'content-length';
  const payload = all.subarray(
    protocol.framing.name === 'content-length' ? all.indexOf('\r\n\r\n') + 4 : header,
  );
  if (counted && plainFrame && isUtf8(payload)) return piecesOf(payload, references, 'payload', json);
  const kind = protocol.framing.name === 'message' ? 'payload' : 'raw';
  const pieces = piecesOf(all, references, kind, json);
  if (cuts.length === 0) return pieces;
  const list = Array.isArray(pieces) ? pieces : [pieces];
  return [...list, { cut: cumulative(cuts).slice(0, 50) }];
}

/** A valid packet as a case writes it: a line, or the JSON value. */
function validPayload(protocol: Protocol, move: SendMove, conversation: number): unknown {
  const renamed = mark(move.fields, (reference) => `\${${rename(protocol, reference, conversation)}}`);
  if (protocol.payload === 'json') return renamed;
  return lineOf(protocol.messages.get(move.message), renamed);
}

function cumulative(lengths: readonly number[]): number[] {
  let sum = 0;
  return lengths.map((length) => (sum += length));
}

/** References that may come to a number. */
const isNumber = /^\s*(?:nonce|now|seed|dialect)\b|[^\w\s.-]/;

/** A reference under the names of the case; what has no value is `x`, as in the campaign. */
function rename(protocol: Protocol, reference: string, conversation: number): string {
  const renamed = reference.replace(/\bp(\d+)\b/g, (peer) => nameOf(peer, conversation));
  return isSure(protocol, renamed) ? renamed : `${renamed} | or: 'x'`;
}

/** True if a reference has a value whatever the target says. */
function isSure(protocol: Protocol, reference: string): boolean {
  const path = /^\s*([\w-]+)(?:\.([\w-]+))?\s*$/.exec(reference);
  if (!path) return !/[A-Za-z]/.test(reference.replace(/'[^']*'/g, ''));
  const [, head = '', key] = path;
  if (key === undefined) return always.has(head) || protocol.identity.has(head.replace(/\d+$/, ''));
  const named = [...protocol.identity.values()].some(({ per }) => per === 'peer');
  return head === 'dialect' || (key === 'name' && named) || protocol.identity.get(key)?.per === 'peer';
}

/** Octets as text where they are text, with references and long runs written short, else as hexadecimal. */
function piecesOf(
  bytes: Uint8Array,
  references: readonly string[],
  kind: 'raw' | 'payload',
  json: boolean,
): unknown {
  if (!isUtf8(bytes)) return hexPieces(bytes, references);
  const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
  // What is all of a JSON text may come to a number.
  const typed = json ? text.replace(/"\uE100(\d+)\uE101"/g, '\uE102$1\uE101') : text;
  return { [kind]: textOf(typed, references) };
}

function isUtf8(bytes: Uint8Array): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return true;
  } catch {
    return false;
  }
}

function textOf(text: string, references: readonly string[]): string {
  return text
    .replaceAll('${', () => '$${')
    .replace(/(\w)\1{63,}/g, (run, char: string) => `\${'${char}' * ${run.length}}`)
    .replace(
      /(\uE100\d+\uE101)\1{15,}/g,
      (run, one: string) =>
        `\${(${references[Number(one.slice(1, -1))] ?? 'nowhere'}) * ${run.length / one.length}}`,
    )
    .replace(
      /\uE102(\d+)\uE101/g,
      (_, index: string) => `\${${references[Number(index)] ?? 'nowhere'} | json}`,
    )
    .replace(/\uE100(\d+)\uE101/g, (_, index: string) => `\${${references[Number(index)] ?? 'nowhere'}}`);
}

function hexPieces(bytes: Uint8Array, references: readonly string[]): unknown[] {
  const latin = Buffer.from(bytes).toString('latin1');
  const pieces: Record<string, string>[] = [];
  const marker = /\u00ee\u0084\u0080(\d+)\u00ee\u0084\u0081/g;
  let last = 0;
  const hex = (from: number, to: number): void => {
    if (to > from) pieces.push({ hex: Buffer.from(bytes.subarray(from, to)).toString('hex') });
  };
  for (const found of latin.matchAll(marker)) {
    hex(last, found.index);
    pieces.push({ raw: `\${${references[Number(found[1])] ?? 'nowhere'}}` });
    last = found.index + found[0].length;
  }
  hex(last, bytes.length);
  return pieces;
}
