import type { Protocol } from '../../protocol/definition.ts';

/** A commented settings file for a protocol: everything that can be said, nothing that is said yet. */
export function settingsTemplate(protocol: Protocol): string {
  const parts = [
    `# What spar has to know of your target. spar schema spar describes every key.\nprotocol: ${protocol.name}`,
    `# The target: one that is up, or a command that starts it.\n# target: ${protocol.transport}://127.0.0.1:${protocol.port ?? 5000}\n# spawn: ./server --port {port}`,
    section(
      'dialect',
      'Choices that the document leaves open, with their defaults.',
      protocol.dialects.map((one) => [
        `${one.name}: ${quoted(one.default)}`,
        [one.about ?? '', one.options.length > 0 ? `One of ${one.options.join(', ')}.` : '']
          .filter((text) => text !== '')
          .join(' '),
      ]),
    ),
    section(
      'facts',
      'What spar cannot make by itself. Cases whose fact is missing are skipped.',
      Object.entries(protocol.facts).map(([name, schema]) => [
        `${name}: …`,
        String((schema as { description?: string }).description ?? ''),
      ]),
    ),
    section(
      'stimuli',
      'For clients: what makes yours do something. stdin, start, signal or http.',
      [...protocol.stimuli].map(([name, one]) => [
        `${name}: {stdin: "/${name}${one.with.map((argument) => ` {${argument}}`).join('')}"}`,
        one.ask ?? '',
      ]),
    ),
    section(
      'shows',
      'For clients: how a line that yours shows is read. The named groups are the parts.',
      [...protocol.shows].map(([kind, parts]) => [
        `${kind}: "^${parts.map((part) => `(?P<${part}>.*)`).join(' ')}$"`,
        '',
      ]),
    ),
  ];
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
}

function section(key: string, about: string, lines: readonly (readonly [string, string])[]): string {
  if (lines.length === 0) return '';
  const rows = lines.map(
    ([line, comment]) => `${comment === '' ? '' : `#   # ${comment.replaceAll('\n', ' ')}\n`}#   ${line}`,
  );
  return [`# ${about}`, `# ${key}:`, ...rows].join('\n');
}

function quoted(value: string): string {
  return /^[\w.-]+$/.test(value) ? value : JSON.stringify(value);
}
