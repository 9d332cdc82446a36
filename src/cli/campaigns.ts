import { existsSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import type { Finding } from '../fuzz/finding.ts';
import { findingReport } from '../fuzz/finding-report.ts';
import { listFiles, readText, writeAtomic } from '../net/disk.ts';
import type { Protocol } from '../protocol/definition.ts';
import type { CampaignReport } from '../report/html/findings.ts';
import { protocolFolder, readProtocol, readProtocolSource, shown } from './folders.ts';

/** The first line of `campaign.ndjson`: what was fuzzed. */
export interface CampaignStart {
  readonly event: 'campaign-started';
  readonly protocol: string;
  readonly dialects: Readonly<Record<string, string>>;
  readonly target: string;
  readonly seed: number;
  /** ISO 8601. */
  readonly time: string;
}

/** Its last line, if the campaign came to its end. */
export interface CampaignEnd {
  readonly event: 'campaign-finished';
  readonly status: NonNullable<CampaignReport['status']>;
}

/** True if a folder holds a campaign and no run. */
export function isCampaign(folder: string): boolean {
  return existsSync(join(folder, 'campaign.ndjson')) && !existsSync(join(folder, 'events.ndjson'));
}

/** The page of a campaign from what its folder holds. Rejects with a SparError where that cannot be read. */
export async function campaignPage(folder: string): Promise<string> {
  const { findingsReport } = await import('../report/html/findings.ts');
  return findingsReport(await readCampaign(folder));
}

/** Writes the page beside the findings. Rejects with a SparError. */
export async function writeCampaignPage(folder: string): Promise<void> {
  await writeAtomic(join(folder, 'report.html'), await campaignPage(folder));
}

async function readCampaign(folder: string): Promise<CampaignReport> {
  const lines = (await readText(join(folder, 'campaign.ndjson'))).split('\n').flatMap(parsed);
  const start = lines.find(isStart);
  const end = lines.find((line): line is CampaignEnd => line.event === 'campaign-finished');
  const named = start?.protocol ?? /^fuzz-(.+)-\d{8}-\d{6}/.exec(basename(folder))?.[1];
  const protocol = named === undefined ? undefined : await protocolOf(named, start?.dialects ?? {});
  const findings = await findingsOf(folder);
  return {
    protocol: protocol?.name ?? basename(named ?? 'unknown'),
    ...(start && { target: start.target, seed: start.seed, time: start.time }),
    ...(end && { status: end.status }),
    findings: findings.map((one) =>
      findingReport(protocol, one, `npx spar replay ${shown(join(folder, 'findings', `${one.id}.yaml`))}`),
    ),
  };
}

/**
 * The folder of the protocol of a finding: the one that its campaign was told, one that is called so, or one that
 * the finding lies in. Rejects with a SparError where there is none.
 */
export async function protocolOfFinding(file: string, name: string): Promise<string> {
  const below = dirname(resolve(file));
  const lines = await readText(join(below, '..', 'campaign.ndjson')).catch(() => '');
  const start = lines.split('\n').flatMap(parsed).find(isStart);
  const isMeant = async (folder: string): Promise<boolean> => {
    const source = await readProtocolSource(folder).catch(() => undefined);
    return (source?.value as { protocol?: unknown } | undefined)?.protocol === name;
  };
  for (const one of [start?.protocol, name]) {
    const folder = one === undefined ? undefined : await protocolFolder(one).catch(() => undefined);
    if (folder !== undefined && (await isMeant(folder))) return folder;
  }
  for (let above = below; above !== dirname(above); above = dirname(above))
    if (await isMeant(above)) return above;
  return protocolFolder(name);
}

/** The protocol as it was; nothing if it is not there any more. */
async function protocolOf(
  name: string,
  dialects: Readonly<Record<string, string>>,
): Promise<Protocol | undefined> {
  try {
    return await readProtocol(await protocolFolder(name), dialects);
  } catch {
    return undefined;
  }
}

async function findingsOf(folder: string): Promise<Finding[]> {
  const below = join(folder, 'findings');
  if (!existsSync(below)) return [];
  const files = await listFiles(below, '.json');
  const found = await Promise.all(
    files.map(async (file) => JSON.parse(await readText(file)) as Partial<Finding>),
  );
  const whole = found.flatMap(({ id, symptom, plans = [], confirmed, ...more }) =>
    id === undefined || symptom === undefined
      ? []
      : [
          {
            spent: 0,
            hits: 1,
            transcript: [],
            output: '',
            ...more,
            id,
            symptom,
            plans,
            confirmed: confirmed ?? { times: 1, of: 1 },
          },
        ],
  );
  return whole.sort((a, b) => a.id.localeCompare(b.id, 'en', { numeric: true }));
}

/** A last line that was cut off is passed over. */
function isStart(line: { readonly event: string }): line is CampaignStart {
  return line.event === 'campaign-started';
}

function parsed(text: string): (CampaignStart | CampaignEnd | { readonly event: 'other' })[] {
  if (text === '') return [];
  try {
    return [JSON.parse(text) as CampaignStart | CampaignEnd];
  } catch {
    return [];
  }
}
