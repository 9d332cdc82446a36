import { systemClock } from '../net/system-clock.ts';
import { SparError } from '../problem/problem.ts';
import { renderProblem } from '../problem/render.ts';
import { referenceOf, startReference } from '../reference/bundled.ts';
import { createSummariser } from '../report/summary.ts';
import { terminal } from '../report/terminal.ts';
import { addressTarget } from '../run/live-target.ts';
import { Run, usualLimits } from '../run/run-suite.ts';
import { randomFrom } from '../session/random.ts';
import { protocolFolder, readSuite } from './folders.ts';

try {
  const suite = await readSuite(await protocolFolder(process.argv[2] ?? 'cpt'));
  const reference = await referenceOf(suite.protocol.name);
  const running = await startReference(reference!, { port: 0, defects: new Set(process.argv.slice(3)) });
  const summary = createSummariser();
  const run = new Run(
    {
      suite,
      cases: suite.cases,
      role: 'server',
      target: addressTarget(
        running.listener.address,
        { segment: 'as-is', random: randomFrom(1) },
        'reference',
        'the reference server',
      ),
      clock: systemClock,
      run: 'x',
      version: '0',
      seed: 1,
      stamp: String(Date.now()),
      facts: reference!.facts,
      jobs: 8,
      repeat: 1,
      quiet: 200,
      limits: usualLimits,
      strict: false,
      confirm: 3,
      verbose: false,
      expected: [],
      options: {},
      repeatCommand: (id) => `spar run ${id}`,
    },
    (event) => summary.add(event),
  );
  await run.hold();
  console.log(terminal(summary.summary()));
  await running.stop();
} catch (e) {
  if (e instanceof SparError) console.log(e.problems.map(renderProblem).join('\n\n'));
  else throw e;
}
