import { expect, test } from 'vitest';
import { protocolFolder, readSuite } from '../cli/folders.ts';
import { systemClock } from '../net/system-clock.ts';
import { readSource } from '../problem/source.ts';
import { asProtocolSpeaks, bundledNames, referenceOf, startReference } from '../reference/bundled.ts';
import type { Reference } from '../reference/reference.ts';
import { holdOne } from '../run/hold-one.ts';
import { addressTarget } from '../run/live-target.ts';
import type { Case } from '../suite/case.ts';
import { loadSuite } from '../suite/load-suite.ts';
import { findingCase } from './finding-case.ts';
import { plansFrom } from './generate.ts';
import { modelOf } from './model.ts';

test.each(bundledNames)('the case of any plan can be held: %s', { timeout: 60_000 }, async (name) => {
  const suite = await readSuite(await protocolFolder(name));
  const reference = (await referenceOf(name)) as Reference;
  const running = await startReference(reference, { port: 0 });
  const target = addressTarget(asProtocolSpeaks(suite.protocol, running.listener.address), {
    segment: 'as-is',
    random: Math.random,
    tls: { insecure: true },
  });
  const model = modelOf(suite, []);
  try {
    const faults = await Promise.all(
      plansFrom(model, model.plans, 9, 20).map(async (plan) => {
        const text = findingCase(suite.protocol, {
          id: 'F1',
          symptom: { oracle: 'death', bucket: 'death: exited', message: 'the target exited' },
          plans: [plan],
          confirmed: { times: 3, of: 3 },
          spent: 1,
          transcript: [],
          output: '',
          hits: 1,
        });
        const { cases } = loadSuite(suite.protocol, suite.requirements, [
          { source: readSource('F1.yaml', text), name: 'F1', role: 'server' },
        ]);
        const held = await holdOne(suite, cases[0] as Case, target, {
          clock: systemClock,
          facts: reference.facts ?? {},
          deadline: 300,
        });
        return held.failures.filter(({ cause }) => cause === 'harness').map(({ message }) => message + text);
      }),
    );
    expect(faults.flat()).toEqual([]);
  } finally {
    await running.stop();
  }
});
