import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { SparError } from '../../problem/problem.ts';
import type { ForeignRun, ForeignTest } from './foreign-run.ts';

type Node = Readonly<Record<string, unknown>>;

/** What a JUnit report tells. Raises a SparError where it is no XML, or another kind of XML. */
export function readJUnit(text: string, file: string): ForeignRun {
  const root = parsed(text, file);
  if (!('testsuites' in root || 'testsuite' in root)) {
    throw new SparError({
      fault: 'user',
      what: `${file} is XML, but no JUnit report: there is no testsuite in it`,
      mend: 'Name the file that a test runner writes for a CI server.',
    });
  }
  const suites = [...nodes(root['testsuites']), ...nodes(root['testsuite'])];
  return { source: 'junit', tests: suites.flatMap(testsIn) };
}

function parsed(text: string, file: string): Node {
  const parser = new XMLParser({
    ignoreAttributes: false,
    attributeNamePrefix: '@',
    parseTagValue: false,
    parseAttributeValue: false,
    htmlEntities: true,
  });
  try {
    const valid = XMLValidator.validate(text);
    if (valid === true) return parser.parse(text) as Node;
    const { msg, line, col } = valid.err;
    throw new SparError({
      fault: 'user',
      what: `this is no XML: ${msg}`,
      where: { file, line, column: col },
    });
  } catch (error) {
    if (error instanceof SparError) throw error;
    const what = `this XML cannot be read: ${error instanceof Error ? error.message : String(error)}`;
    throw new SparError({ fault: 'user', what, where: { file, line: 1, column: 1 } });
  }
}

function testsIn(suite: Node): ForeignTest[] {
  return [...nodes(suite['testcase']).map(testOf), ...nodes(suite['testsuite']).flatMap(testsIn)];
}

function testOf(node: Node): ForeignTest {
  const name = String(node['@name'] ?? '');
  const within = String(node['@classname'] ?? '');
  return {
    name: within === '' ? name : `${within} ${name}`,
    // The JUnit of spar: a case `cpt/server/send/one` is `one` of the class `cpt.server.send`.
    aliases: [`${within.replaceAll('.', '/')}/${name}`],
    outcome: outcomeOf(node),
    proves: propertyOf(node, 'proves').split(/\s+/),
  };
}

function outcomeOf(node: Node): ForeignTest['outcome'] {
  if ('failure' in node || 'error' in node) return 'fail';
  // GoogleTest and others say so in an attribute.
  const held = !('skipped' in node) && !/^(notrun|disabled|skipped)$/i.test(String(node['@status'] ?? ''));
  return held ? 'pass' : 'skip';
}

function propertyOf(node: Node, name: string): string {
  const properties = nodes(node['properties']).flatMap((one) => nodes(one['property']));
  return String(properties.find((one) => one['@name'] === name)?.['@value'] ?? '');
}

/** The elements of a name: none, one, or a list; those that hold no more than text have nothing to tell. */
function nodes(value: unknown): Node[] {
  const list = Array.isArray(value) ? value : [value];
  return list.filter((one): one is Node => one !== null && typeof one === 'object');
}
