/** The files of a new protocol: small, and running at once. The README explains them. */
export const newProtocol: Readonly<Record<string, string>> = {
  'protocol.yaml': `protocol: echo
title: Echo with a name
transport: tcp
port: 7007
framing: {lines: lf, accept: lf}    # lf alone forgives a CR before it
trailing-blanks: keep               # they belong to what is said
identity: {name: "[a-z]{8}"}        # spar makes a fresh name for each peer of each case
messages:
  HELLO: {from: client, line: "HELLO <name>"}
  SAY: {from: client, line: "SAY <text...>"}
  WELCOME: {from: server, line: "WELCOME <name>"}
  SAID: {from: server, line: "SAID <text...>"}
  NO: {from: server, line: "NO <reason...>"}
states:
  fresh:
    HELLO: [WELCOME -> known, NO]
    SAY: [NO]
  known:
    SAY: [SAID]
barrier:
  fresh: {send: "HELLO \${nowhere}", until: "WELCOME \${nowhere}"}
  known: {send: "SAY barrier", until: SAID barrier}
given:
  known:
    steps:
      - self connects
      - self >: HELLO \${self.name}
      - self <: WELCOME \${self.name}
alive: {server: known}
rules:
  - {id: words-of-the-server, proves: ECHO-2, on: unknown-message}
`,
  'requirements.yaml': `document: Echo with a name
requirements:
  ECHO-1: {section: Saying, level: MUST, binds: server, text: What is said comes back unchanged.}
  ECHO-2: {section: Words, level: MUST, binds: server, text: "The server says WELCOME, SAID and NO only."}
  ECHO-3: {section: Saying, level: MUST, binds: server, text: Nobody is heard before HELLO.}
`,
  'server/saying.yaml': `section: Saying
cases:
  - id: comes-back
    title: What is said comes back
    proves: ECHO-1
    for: {text: {short: hi, blanks: "a  b", long: "\${'x' * 300}"}}
    given: [ada known]
    steps:
      - ada >: SAY \${text}
      - ada <: SAID \${text}
  - id: hello-first
    title: Nobody is heard before HELLO
    proves: ECHO-3
    control: comes-back
    steps:
      - ada connects
      - ada >: SAY hi
      - ada <: NO <reason...>
`,
  'server.mjs': `import { isUtf8 } from 'node:buffer';
import { createServer } from 'node:net';

// An octet is a character here, so that a text that is no UTF-8 is seen, and none is changed on its way.
const greeting = /^HELLO ([!-\\xff]+)$/;
const saying = /^SAY (.+)$/s;

createServer((socket) => {
  let known = false;
  let unfinished = '';
  const answer = (line) => {
    if (!isUtf8(Buffer.from(line, 'latin1'))) return 'NO that is no text';
    const [, name] = greeting.exec(line) ?? [];
    const [, text] = saying.exec(line) ?? [];
    if (name && !known) known = true;
    else return text && known ? \`SAID \${text}\` : 'NO not now';
    return \`WELCOME \${name}\`;
  };
  socket.setEncoding('latin1').on('error', () => {});
  socket.on('data', (octets) => {
    const lines = (unfinished + octets).split('\\n');
    unfinished = lines.pop();
    for (const line of lines) socket.write(\`\${answer(line)}\\n\`, 'latin1');
    if (unfinished.length > 65536) socket.destroy();
  });
}).listen(Number(process.argv[2] ?? 7007), '127.0.0.1');
`,
};
