import { mkdir, mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Browser, chromium } from 'playwright-core';
import { spar } from '../cli/spar.ts';
import { chromiumFile, chromiumNames, chromiumWords } from './chromium.ts';

/**
 * Draws the pictures of the README: the pages of a run that passes and of one that does not. Needs
 * Chromium on the PATH.
 */
const pictures = fileURLToPath(new URL('../../.github/pictures/', import.meta.url));

interface Picture {
  readonly name: string;
  readonly run: readonly string[];
  readonly colorScheme: 'light' | 'dark';
  /** The part of the page that is in view. */
  readonly anchor?: string;
}

const wanted: readonly Picture[] = [
  { name: 'passing', run: ['ws_2017'], colorScheme: 'light' },
  { name: 'failing', run: ['cpt', '--defect', 'srv-allows-duplicate'], colorScheme: 'light' },
  {
    name: 'conversation',
    run: ['cpt', '--defect', 'srv-allows-duplicate'],
    colorScheme: 'dark',
    anchor: '#case-cpt/server/connect/taken-name',
  },
];

async function draw(browser: Browser, { name, run, colorScheme, anchor = '' }: Picture): Promise<void> {
  const reports = await mkdtemp(join(tmpdir(), 'spar-pictures-'));
  try {
    await spar(['run', ...run, '--seed', '7', '--reports', reports, '--format', 'html']);
    const [folder = ''] = await readdir(reports);
    const page = await browser.newPage({ viewport: { width: 1120, height: 860 }, colorScheme });
    await page.goto(`file://${join(reports, folder, 'report.html')}${anchor}`);
    const path = join(pictures, `${name}.png`);
    await page.screenshot({ path });
    process.stdout.write(`${path} ${(await stat(path)).size} octets\n`);
  } finally {
    await rm(reports, { recursive: true, force: true });
  }
}

const executablePath = chromiumFile();
if (executablePath === undefined) throw new Error(`there is no ${chromiumNames.join(', ')} on the PATH`);
await mkdir(pictures, { recursive: true });
const browser = await chromium.launch({ executablePath, args: [...chromiumWords] });
try {
  for (const picture of wanted) await draw(browser, picture);
} finally {
  await browser.close();
}
