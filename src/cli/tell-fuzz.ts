import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Campaign } from '../fuzz/campaign.ts';
import type { CampaignEvent } from '../fuzz/campaign-options.ts';
import { oracles as allOracles, type Finding, type Oracle } from '../fuzz/finding.ts';
import { findingCase } from '../fuzz/finding-case.ts';
import { findingSarif } from '../fuzz/finding-sarif.ts';
import { fuzzLimits } from '../fuzz/fuzz-limits.ts';
import { modelOf } from '../fuzz/model.ts';
import { readText, writeAtomic } from '../net/disk.ts';
import { EventFile } from '../net/event-file.ts';
import { freshSeed } from '../net/random.ts';
import { spendMemory } from '../net/spare-memory.ts';
import { systemClock } from '../net/system-clock.ts';
import { SparError } from '../problem/problem.ts';
import { readSource } from '../problem/source.ts';
import { didYouMean } from '../problem/suggest.ts';
import { reasonWords } from '../report/cause-words.ts';
import { many } from '../report/words.ts';
import { holdOne } from '../run/hold-one.ts';
import { aliveCase } from '../suite/probes.ts';
import { asAddressed } from './as-addressed.ts';
import { findingText, lastWords, statusLine } from './campaign-words.ts';
import { type CampaignEnd, type CampaignStart, protocolOfFinding, writeCampaignPage } from './campaigns.ts';
import { coverageSource } from './coverage.ts';
import { protocolFolder, readSuite, shown, version } from './folders.ts';
import { corpusOf, readDictionary } from './fuzz-corpus.ts';
import { repositoryPath } from './github.ts';
import { keepPlan } from './keep-plan.ts';
import { clientTarget } from './make-client-target.ts';
import { type LiveTarget, serverTarget } from './make-target.ts';
import { quoted } from './quoted.ts';
import type { RunOptions } from './run-options.ts';

/** Holds a campaign, shows what it finds, and writes it down. The result is the exit code. */
export async function tellFuzz(told: RunOptions, line: Readonly<Record<string, unknown>>): Promise<number> {
  const folder = await protocolFolder(told.protocol ?? 'cpt');
  const options = await asAddressed(folder, told);
  const seed = options.seed ?? freshSeed();
  const client = options.role === 'client';
  const coverage = typeof line['coverage'] === 'string' ? coverageSource(line['coverage']) : undefined;
  // Started processes inherit them.
  Object.assign(process.env, coverage?.env);
  const kept = typeof line['corpus'] === 'string' ? resolve(line['corpus']) : undefined;
  // Suite files and findings in a corpus are conversations to build upon, like those of the suite.
  const suite = await readSuite(
    folder,
    options.dialect,
    kept !== undefined && existsSync(kept) ? [kept] : [],
  );
  const { words, octets } = readDictionary(
    typeof line['dictionary'] === 'string' ? await readText(line['dictionary']) : '',
  );
  const live = await liveTarget(suite.protocol, options, seed);
  const reports = resolve(
    options.reports,
    `fuzz-${suite.protocol.name}${client ? '-client' : ''}-${new Date().toISOString().replace(/[-:]/g, '').replace(/\..*/, '').replace('T', '-')}`,
  );
  const writing: Promise<void>[] = [];
  let begun = false;
  const log = await EventFile.open(join(reports, 'campaign.ndjson'), () => undefined);
  try {
    if (!client) await mustLive(suite, live);
    log.append(
      JSON.stringify({
        event: 'campaign-started',
        protocol: options.protocol ?? 'cpt',
        dialects: suite.protocol.dialect,
        target: live.target.label,
        seed,
        time: new Date().toISOString(),
      } satisfies CampaignStart),
    );
    begun = true;
    const executions =
      line['executions'] === undefined
        ? line['time'] === undefined
          ? 20_000
          : undefined
        : Number(line['executions']);
    spendMemory();
    const campaign = new Campaign({
      suite,
      model: modelOf(suite, words, { facts: live.facts, role: options.role, octets }),
      target: {
        target: live.target,
        ...(live.process
          ? {
              fresh: () => live.process?.fresh() ?? Promise.resolve(),
              output: () => live.process?.output() ?? '',
              memory: () => live.process?.memory() ?? Promise.resolve(undefined),
            }
          : {}),
        ...(coverage && !client ? { coverage: coverage.of(() => live.process?.output() ?? '') } : {}),
      },
      clock: systemClock,
      seed,
      facts: live.facts,
      limits: fuzzLimits,
      jobs: options.jobs,
      fresh: line['mode'] === 'fresh' && live.process !== undefined,
      until: {
        ...(line['time'] === undefined ? {} : { ms: milliseconds(String(line['time'])) }),
        ...(executions === undefined ? {} : { executions }),
        ...(line['findings'] === undefined ? {} : { findings: Number(line['findings']) }),
      },
      oracles: oraclesOf(line['oracle']),
      budget: line['minimise'] === 'off' ? 0 : Number(line['minimise'] ?? 400),
      confirm: options.confirm,
      hang: Number(line['hang'] ?? 2000),
      corpus: kept === undefined ? [] : await corpusOf(kept),
      role: options.role,
      tell: (event) => {
        tellEvent(event, log);
        if (event.event === 'corpus')
          for (const folder of [join(reports, 'corpus'), ...(kept === undefined ? [] : [kept])])
            writing.push(keepPlan(folder, event.plan));
        if (event.event === 'finding')
          writing.push(keepFinding(reports, suite.protocol, event.finding, options));
      },
    });
    const stop = (): void => campaign.interrupt();
    process.on('SIGINT', stop);
    process.stdout.write(
      `Fuzzing ${live.target.label} with ${suite.protocol.name}, seed ${seed}, ${options.jobs} at once.\n`,
    );
    const result = await campaign.run();
    process.off('SIGINT', stop);
    await Promise.all(writing);
    if (result.stopped === 'invalid') throw noValidClient(suite.protocol.name);
    const { all, stopped, limits: _limits, ...status } = result;
    await writeAtomic(
      join(reports, 'findings.sarif'),
      findingSarif(await version(), all, ({ id }) => repositoryPath(join(reports, 'findings', `${id}.yaml`))),
    );
    log.append(JSON.stringify({ event: 'campaign-finished', status } satisfies CampaignEnd));
    process.stdout.write(`${statusLine(result)}\n`);
    for (const finding of all)
      process.stdout.write(
        `\n${findingText(finding, replayCommand(findingFile(shown(reports), finding), options))}`,
      );
    for (const words of lastWords(result)) process.stdout.write(`${words}\n`);
    if (all.length > 0) process.stdout.write(`\n${many(all.length, 'finding')} in ${shown(reports)}.\n`);
    return all.length > 0 || stopped === 'target-dead' ? 1 : 0;
  } finally {
    await log.close();
    coverage?.close();
    await live.stop();
    if (begun) await writeCampaignPage(reports);
  }
}

function liveTarget(
  protocol: Parameters<typeof serverTarget>[0],
  options: RunOptions,
  seed: number,
): Promise<LiveTarget> {
  const make = options.role === 'client' ? clientTarget : serverTarget;
  return make(protocol, options, seed, () => undefined);
}

function noValidClient(protocol: string): SparError {
  return new SparError(
    {
      fault: 'target',
      what: 'no valid conversation works with the client, so a hostile one would prove nothing',
      mend: `spar run ${protocol} --role client shows what is wrong; stimuli are bound in spar.yaml.`,
    },
    3,
  );
}

async function mustLive(
  suite: Awaited<ReturnType<typeof readSuite>>,
  live: Awaited<ReturnType<typeof serverTarget>>,
): Promise<void> {
  const zero = aliveCase(suite.protocol);
  if (!zero) return;
  const result = await holdOne(suite, zero, live.target, {
    clock: systemClock,
    facts: live.facts,
    deadline: 3000,
  });
  const [failure] = result.failures.filter(({ cause }) => cause !== 'rule');
  if (!failure) return;
  throw new SparError(
    {
      fault: 'target',
      what: `the valid conversation does not work, so a hostile one would prove nothing: ${failure.message}`,
      mend: `spar run ${suite.protocol.name} shows what is wrong; spar probe finds the dialects.`,
    },
    3,
  );
}

let lastStatus = '';

function tellEvent(event: CampaignEvent, log: EventFile): void {
  if (event.event === 'status') {
    lastStatus = statusLine(event.status);
    if (process.stderr.isTTY && !process.env['CI']) process.stderr.write(`\r\u001B[K${lastStatus}`);
    return;
  }
  if (process.stderr.isTTY && !process.env['CI']) process.stderr.write('\r\u001B[K');
  if (event.event === 'corpus') return;
  log.append(JSON.stringify(event));
  if (event.event === 'finding')
    process.stdout.write(`  ${event.finding.id}  ${event.finding.symptom.message}\n`);
  if (event.event === 'note') process.stdout.write(`  ${event.text}\n`);
}

function findingFile(reports: string, { id }: Finding): string {
  return join(reports, 'findings', `${id}.yaml`);
}

async function keepFinding(
  reports: string,
  protocol: Parameters<typeof findingCase>[0],
  finding: Finding,
  options: RunOptions,
): Promise<void> {
  const folder = join(reports, 'findings');
  const file = findingFile(reports, finding);
  await writeAtomic(file, findingCase(protocol, finding, replayCommand(shown(file), options)));
  await writeAtomic(join(folder, `${finding.id}.json`), `${JSON.stringify(finding, null, 2)}\n`);
}

/** The command that holds a finding again with the same target. */
function replayCommand(file: string, options: RunOptions): string {
  const words = ['npx spar replay', quoted(file)];
  if (options.target !== undefined) words.push(options.target);
  if (options.spawn !== undefined) words.push(`--spawn ${quoted(options.spawn)}`);
  for (const [name, value] of Object.entries(options.dialect)) words.push(`--dialect ${name}=${value}`);
  for (const defect of options.defect) words.push(`--defect ${defect}`);
  return words.join(' ');
}

function oraclesOf(value: unknown): ReadonlySet<Oracle> {
  if (!Array.isArray(value) || value.length === 0) return new Set(allOracles);
  const names = value.flatMap((one) => String(one).split(','));
  for (const name of names) {
    if (!(allOracles as readonly string[]).includes(name))
      throw new SparError({
        fault: 'user',
        what: `there is no oracle "${name}"`,
        mend: didYouMean(name, allOracles),
      });
  }
  return new Set(names as Oracle[]);
}

function milliseconds(text: string): number {
  const [, number, unit = 's'] = /^(\d+(?:\.\d+)?)(ms|s|m|h)?$/.exec(text) ?? [];
  if (number === undefined)
    throw new SparError({ fault: 'user', what: `--time takes 60s, 10m or 2h, not "${text}"` });
  return Number(number) * ({ ms: 1, s: 1000, m: 60_000, h: 3_600_000 }[unit] ?? 1000);
}

/** Holds a finding again, so often. 1 while it still happens; 2 if that cannot be told of this target. */
export async function tellReplay(file: string, options: RunOptions, times: number): Promise<number> {
  const source = readSource(shown(resolve(file)), await readText(file));
  const name = options.protocol ?? (source.value as { protocol?: string } | null)?.protocol;
  if (name === undefined)
    throw new SparError({
      fault: 'user',
      what: `${file} does not say its protocol`,
      mend: 'A finding begins with "protocol: NAME".',
    });
  const folder = await protocolOfFinding(file, name);
  const suite = await readSuite(folder, options.dialect, [resolve(file)]);
  const cases = suite.cases.filter((one) => one.file === source.file);
  const role = cases.some((one) => one.role === 'client') ? 'client' : 'server';
  let [happened, untold] = [0, 0];
  for (let attempt = 1; attempt <= times; attempt += 1) {
    const live = await liveTarget(suite.protocol, { ...options, role }, attempt);
    try {
      for (const one of cases) {
        const result = await holdOne(suite, one, live.target, {
          clock: systemClock,
          facts: live.facts,
          deadline: options.deadline ?? 3000,
        });
        const [failure] = result.failures;
        const skipped = result.verdict === 'skip';
        if (skipped) untold += 1;
        else if (result.verdict !== 'pass') happened += 1;
        const words = skipped
          ? `it cannot be told: ${reasonWords(result.cause, result.reason)}`
          : (failure?.message ?? 'it does not happen');
        process.stdout.write(`${attempt}: ${words}\n`);
      }
    } finally {
      await live.stop();
    }
  }
  process.stdout.write(`It happened ${happened} of ${times} times.\n`);
  if (happened > 0) return 1;
  return untold > 0 ? 2 : 0;
}
