import { expect } from 'vitest';
import { protocolFolder, readSuite } from '../cli/folders.ts';
import { systemClock } from '../net/system-clock.ts';
import { readSource } from '../problem/source.ts';
import { holdOne } from '../run/hold-one.ts';
import { type SpawnedTarget, spawnedTarget } from '../run/live-target.ts';
import { fixture } from '../run/process.testing.ts';
import type { Case } from '../suite/case.ts';
import { loadSuite, type Suite } from '../suite/load-suite.ts';
import { type CampaignWishes, campaignOf } from './campaign.testing.ts';
import type { CampaignResult } from './campaign-options.ts';
import type { Finding, Oracle } from './finding.ts';
import { findingCase } from './finding-case.ts';
import { type Model, modelOf } from './model.ts';

/** A bug of a target, and what is known of it. */
export interface Planted {
  readonly bug: string;
  readonly oracle: Oracle;
  /** Moves of the shortest conversations that show it. */
  readonly moves: number;
  /** Moves that it may take beyond these, since what several sessions did is not put into one. */
  readonly apart?: number;
  /** Of the campaign; 1 if absent. */
  readonly seed?: number;
  /** Milliseconds without an answer that are a hang; so many that a busy machine is none if absent. */
  readonly hang?: number;
}

/** Executions in which a bug must be found. */
const bound = 2000;
const patience = 20_000;

/** The command of a target in the fixtures that Node runs. */
export function nodeCommand(name: string): string {
  return `"${process.execPath}" "${fixture(name)}" {port}`;
}

/** A server with bugs behind switches, and campaigns against it. */
export class PlantedTarget {
  readonly #suite: Suite;
  readonly #model: Model;
  readonly #command: string;

  /** `protocol` is a name or the path of a folder; `command` has the place of the port in it. */
  static async of(protocol: string, command: string): Promise<PlantedTarget> {
    return new PlantedTarget(await readSuite(await protocolFolder(protocol)), command);
  }

  private constructor(suite: Suite, command: string) {
    this.#suite = suite;
    this.#model = modelOf(suite, []);
    this.#command = command;
  }

  /** A bug is found, confirmed and made small; its case fails with the bug and passes without it. */
  async proves(planted: Planted): Promise<void> {
    const { bug, oracle, moves, apart = 0, seed = 1, hang = patience } = planted;
    const { all } = await this.campaign([bug], { seed, hang, until: { executions: bound, findings: 1 } });
    expect(all.map(({ symptom }) => symptom.oracle)).toEqual([oracle]);
    const [found] = all as [Finding];
    expect(found.confirmed).toEqual({ times: 2, of: 2 });
    const left = found.plans.reduce((sum, plan) => sum + plan.moves.length, 0);
    const shown = JSON.stringify(found.plans, undefined, 1);
    expect(left, shown).toBeGreaterThanOrEqual(moves - 1);
    expect(left, shown).toBeLessThanOrEqual(moves + 1 + apart);
    expect(await this.#replayed(found, [bug], hang)).toContain('fail');
    expect(await this.#replay(found, [], patience)).toBe('pass');
  }

  /** A campaign with the target and these of its bugs, one conversation at a time. */
  async campaign(
    bugs: readonly string[],
    wishes: Pick<CampaignWishes, 'until'> & Partial<CampaignWishes>,
  ): Promise<CampaignResult> {
    const target = await this.#started(bugs);
    try {
      return await campaignOf({
        suite: this.#suite,
        model: this.#model,
        target: {
          target,
          fresh: () => target.fresh(),
          output: () => target.output(),
          memory: () => target.memory(),
        },
        budget: 200,
        hang: patience,
        ...wishes,
      });
    } finally {
      await target.stop();
    }
  }

  /** As `spar replay` does: what hangs on how the octets are cut up may take a second try. */
  async #replayed(finding: Finding, bugs: readonly string[], deadline: number): Promise<string[]> {
    const verdicts: string[] = [];
    while (verdicts.length < 3 && !verdicts.includes('fail'))
      verdicts.push(await this.#replay(finding, bugs, deadline));
    return verdicts;
  }

  /** What becomes of the case of a finding with a fresh process. */
  async #replay(finding: Finding, bugs: readonly string[], deadline: number): Promise<string> {
    const { protocol, requirements } = this.#suite;
    const source = readSource('F1.yaml', findingCase(protocol, finding));
    const { cases } = loadSuite(protocol, requirements, [{ source, name: 'F1', role: 'server' }]);
    const target = await this.#started(bugs);
    try {
      const options = { clock: systemClock, facts: {}, deadline };
      return (await holdOne(this.#suite, cases[0] as Case, target, options)).verdict;
    } finally {
      await target.stop();
    }
  }

  #started(bugs: readonly string[]): Promise<SpawnedTarget> {
    return spawnedTarget(
      {
        command: [this.#command, ...bugs.map((bug) => `--bug ${bug}`)].join(' '),
        placeholders: {},
        readyTimeoutMs: 30_000,
        stdio: false,
        addressOf: (host, port) => ({ kind: 'tcp', host, port }),
      },
      { segment: 'as-is', random: Math.random },
      () => undefined,
    );
  }
}
