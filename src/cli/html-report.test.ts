import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { RunEvent } from '../events/event.ts';
import { htmlReport } from '../report/html/html.ts';
import { summarise } from '../report/summary.ts';
import { type Browser, browser, type Opened, openFile } from './browser.testing.ts';
import { onlyRun, root, spar, target, workshop } from './program.testing.ts';

// A browser on a machine that may be busy.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

let folder = '';
let clear: () => Promise<void>;
let found: Browser | string = 'the browser was not started';
let opened: Opened | undefined;

beforeAll(async () => {
  ({ folder, clear } = await workshop());
  found = await browser();
});

afterAll(async () => {
  if (typeof found !== 'string') await found.close();
  await clear();
});

beforeEach((context) => {
  if (typeof found === 'string') context.skip(found);
});

afterEach(async () => {
  await opened?.page.close();
  opened = undefined;
});

async function open(file: string, anchor = ''): Promise<Opened> {
  if (typeof found === 'string') throw new Error(found);
  opened = await openFile(found.context, file, anchor);
  return opened;
}

async function eventsOf(name: string): Promise<RunEvent[]> {
  const text = await readFile(join(root, 'fixtures', 'events', `${name}.ndjson`), 'utf8');
  return text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as RunEvent);
}

/** Writes the page of some events; the result is its path. */
async function written(name: string, events: readonly RunEvent[]): Promise<string> {
  const file = join(folder, `${name}.html`);
  await writeFile(file, htmlReport(summarise(events, { allTranscripts: true })));
  return file;
}

describe('the page of a run that broke something', () => {
  let file = '';
  beforeAll(async () => {
    file = await written('broken', await eventsOf('broken'));
  });

  it('opens, asks for nothing else, and says what was tested and what broke where', async () => {
    const { page, asked, told } = await open(file);
    await expect(page.title()).resolves.toContain('cpt server');
    expect(await page.locator('h1').textContent()).toContain('6 requirements are broken');
    expect(await page.locator('header').textContent()).toMatch(
      /Chat Protocol for Texting.*\.\/chat -p \{port\}/s,
    );
    expect(await page.locator('.levels tbody tr').allTextContents()).toEqual([
      expect.stringMatching(/^MUST7/),
      expect.stringMatching(/^SHOULD01/),
      expect.stringMatching(/^MAY00/),
    ]);
    const headings = await page.locator('#broken h3').allTextContents();
    expect(headings.slice(0, 2)).toEqual(['Transport', 'Commands / CONNECT']);
    expect(await page.locator('#ledger [data-v=untestable] .why').first().textContent()).toContain(
      'not testable: ',
    );
    expect({ asked, told }).toEqual({ asked: [], told: [] });
  });

  it('leads from a broken requirement to its case, at the step that failed', async () => {
    const { page } = await open(file);
    await page.locator('#broken a', { hasText: 'several-connections-are-served-at-once' }).first().click();
    const one = page.locator('details.case:target');
    await one.locator('.fault').waitFor();
    expect(await one.getAttribute('open')).not.toBeNull();
    expect(await one.locator('.fault').textContent()).toContain('bob connects');
    expect(await one.locator('.lane').allTextContents()).toEqual(['alice', 'server']);
    expect(await one.locator('.arrow').allTextContents()).toEqual(['connects', 'CONNECT', 'ACCEPT', 'reset']);
    expect(await page.evaluate('document.activeElement.tagName')).toBe('SUMMARY');
  });

  it('marks the first octet that differs, and shows octets on demand', async () => {
    const { page } = await open(file);
    await page.getByRole('button', { name: 'Open all' }).click();
    const marks = await page
      .locator('.beside')
      .filter({ has: page.locator('mark') })
      .all();
    const shown = await Promise.all(marks.map((one) => one.locator('mark').allTextContents()));
    expect(shown).toContainEqual(['K', 'X']);
    const hex = page.locator('details.hex').first();
    await hex.locator('summary').click();
    await hex.locator('pre').waitFor();
    expect(await hex.locator('pre').textContent()).toMatch(/^0000 {2}43 4f 4e 4e 45 43 54 20 .*CONNECT/);
  });

  it('filters by verdict, level, section and text, and tells how much is left', async () => {
    const { page } = await open(file);
    const cases = page.locator('.case:visible');
    const status = page.getByRole('status');
    const all = await cases.count();
    await page.locator('.pill.fail').click();
    await status.filter({ hasText: `10 of ${all} cases` }).waitFor();
    expect(await cases.count()).toBe(10);
    expect(await page.locator('#ledger li:visible[data-v]').count()).toBe(7);
    await page.getByLabel('Section', { exact: true }).selectOption('Transport');
    await status.filter({ hasText: `2 of ${all} cases` }).waitFor();
    await page.getByRole('button', { name: 'Clear' }).click();
    await status.filter({ hasText: `40 requirements, ${all} cases` }).waitFor();
    expect(await cases.count()).toBe(all);
    await page.getByLabel('Level', { exact: true }).selectOption('SHOULD');
    await status.filter({ hasText: '2 of 40 requirements' }).waitFor();
    await page.getByRole('button', { name: 'Clear' }).click();
    await page.getByLabel('Text', { exact: true }).fill('SIGSEGV');
    await status.filter({ hasText: `1 of ${all} cases` }).waitFor();
    expect(await cases.locator('.case-id').allTextContents()).toEqual([
      'cpt/transport/several-connections-are-served-at-once',
    ]);
  });

  it('shows what a link names, also where it was filtered away', async () => {
    const { page } = await open(file, '#req-CPT-002');
    expect(await page.evaluate('document.activeElement.id')).toBe('req-CPT-002');
    await page.locator('.pill.untestable').click();
    await page.getByRole('status').filter({ hasText: '0 of' }).waitFor();
    await page.evaluate("location.hash = '#case-cpt/transport/empty-lines-are-passed-over'");
    await page.locator('.case:target .failure').waitFor({ state: 'visible' });
    expect(await page.locator('.pill input:checked').count()).toBe(0);
  });

  it('is used with the keyboard alone', async () => {
    const { page } = await open(file);
    await page.keyboard.press('Tab');
    expect(await page.evaluate('document.activeElement.textContent')).toBe('Skip to what broke');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    const first = page.locator('.case > summary').first();
    await first.focus();
    await page.keyboard.press('Enter');
    expect(await page.locator('.case').first().getAttribute('open')).not.toBeNull();
    await page.getByLabel('Text', { exact: true }).focus();
    await page.keyboard.press('Tab');
    await page.keyboard.press('Space');
    await page.getByRole('status').filter({ hasText: '10 of' }).waitFor();
  });

  it('has names for all that a screen reader comes upon', async () => {
    const { page } = await open(file);
    const nameless = await page.evaluate(
      `[...document.querySelectorAll('input, select, button, a, summary, section, nav, [role=img], [role=region]')]
        .filter((one) => !(one.getAttribute('aria-label') || one.getAttribute('aria-labelledby') || one.closest('label') || one.textContent.trim()))
        .map((one) => one.outerHTML)`,
    );
    expect(nameless).toEqual([]);
    const levels = (await page.evaluate(
      "[...document.querySelectorAll('h1, h2, h3')].map((one) => Number(one.tagName[1]))",
    )) as number[];
    const jumps = levels.filter((level, index, all) => level > (all[index - 1] ?? 0) + 1);
    expect(jumps).toEqual([]);
    expect(await page.locator('html').getAttribute('lang')).toBe('en');
    expect(
      await page.evaluate(
        'new Set([...document.querySelectorAll("[id]")].map(({ id }) => id)).size - document.querySelectorAll("[id]").length',
      ),
    ).toBe(0);
  });

  it.for(['light', 'dark'] as const)('is legible on %s', async (colorScheme, { expect }) => {
    const { page } = await open(file);
    await page.emulateMedia({ colorScheme });
    const weak = (await page.evaluate(contrasts)) as { text: string; ratio: number }[];
    expect(weak).toEqual([]);
    const paper = await page.evaluate('getComputedStyle(document.body).backgroundColor');
    expect(paper).toBe(colorScheme === 'dark' ? 'rgb(21, 23, 27)' : 'rgb(251, 250, 247)');
  });

  it('prints every failing case open, without what only a screen needs', async () => {
    const { page } = await open(file);
    await page.emulateMedia({ media: 'print' });
    await page.evaluate("dispatchEvent(new Event('beforeprint'))");
    expect(await page.locator('.case.fail:not([open])').count()).toBe(0);
    expect(await page.locator('#filter').isVisible()).toBe(false);
    await page.evaluate("dispatchEvent(new Event('afterprint'))");
    expect(await page.locator('.case.fail[open]').count()).toBe(3);
  });
});

/** Texts whose contrast with what they stand on is below 4.5 (WCAG 2.2, 1.4.3). */
const contrasts = `(() => {
  const channels = (colour) => colour.match(/[\\d.]+/g).map(Number);
  const over = ([r, g, b, a = 1], under) => [r, g, b].map((value, index) => value * a + under[index] * (1 - a));
  const paper = (one) => {
    if (!one) return channels(getComputedStyle(document.body).backgroundColor);
    return over(channels(getComputedStyle(one).backgroundColor), paper(one.parentElement));
  };
  const light = (rgb) => rgb.map((value) => value / 255).map((value) => (value > 0.03928 ? ((value + 0.055) / 1.055) ** 2.4 : value / 12.92)).reduce((sum, value, index) => sum + value * [0.2126, 0.7152, 0.0722][index], 0);
  const ratio = (one, other) => (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
  const seen = [...document.querySelectorAll('main *')].filter((one) => one.checkVisibility() && !one.closest('svg') && [...one.childNodes].some((node) => node.nodeType === 3 && node.data.trim()));
  return seen.map((one) => {
    const ground = paper(one);
    return { text: one.outerHTML.slice(0, 120), ratio: ratio(light(over(channels(getComputedStyle(one).color), ground)), light(ground)) };
  }).filter(({ ratio, text }) => 4.5 > ratio && !text.includes('class="sr"'));
})()`;

describe('a target that is hostile', () => {
  const spell = `</script><script>window.owned = 1</script><img src="http://127.0.0.1:1/x" onerror="window.owned = 1">\u202E\0\u001B[2J" onclick="window.owned = 1`;

  it('shows on the page of a real run, and runs nothing', async () => {
    const words = [
      'run',
      './parrot',
      '--spawn',
      target('says-escapes'),
      '--confirm',
      '1',
      '--deadline',
      '500',
    ];
    await spar(words, folder);
    const { page, asked, told } = await open(join(await onlyRun(join(folder, 'reports')), 'report.html'));
    await page.getByRole('button', { name: 'Open all' }).click();
    const text = await page.locator('main').innerText();
    expect(text).toContain(String.raw`\u{202e}`);
    expect(text).toContain('<script>|`::error::');
    expect(text).not.toMatch(/[\u202E\0\u001B]/);
    expect({ asked, told }).toEqual({ asked: [], told: [] });
  });

  it('does not get through in any text of the events', async () => {
    const events = JSON.parse(JSON.stringify(await eventsOf('broken')), (key, value: unknown) =>
      typeof value === 'string' && !kept.has(key) ? value + spell : value,
    ) as RunEvent[];
    const { page, asked, told } = await open(await written('hostile', events));
    await page.getByRole('button', { name: 'Open all' }).click();
    await page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true");
    await page.locator('.hex pre').first().waitFor();
    expect(await page.locator('script').count()).toBe(1);
    expect(await page.locator('main img, main [onclick], main [onerror]').count()).toBe(0);
    expect(await page.evaluate('window.owned')).toBeUndefined();
    expect(await page.locator('main').innerText()).not.toMatch(/[\u202E\0\u001B]/);
    expect({ asked, told }).toEqual({ asked: [], told: [] });
  });

  it('would be stopped by the policy of the page, if it did', async () => {
    const { page, asked } = await open(await written('policy', await eventsOf('all-pass')));
    const refused = page.evaluate(
      "new Promise((done) => addEventListener('securitypolicyviolation', ({ violatedDirective }) => done(violatedDirective)))",
    );
    await page.evaluate(
      "document.body.insertAdjacentHTML('beforeend', '<a onclick=\"window.owned = 1\">x</a>'); document.body.lastElementChild.click()",
    );
    expect(await refused).toMatch(/^script-src/);
    expect(await page.evaluate('window.owned')).toBeUndefined();
    expect(asked).toEqual([]);
  });

  it('with a line of 5 MB: it is seen in part, and more of it on demand', async () => {
    const long = 'x'.repeat(5 << 20);
    const events = (await eventsOf('broken')).map((event) =>
      event.event === 'case-finished'
        ? { ...event, failures: event.failures.map((one) => ({ ...one, actual: long })) }
        : event,
    );
    const file = await written('long', events);
    expect((await readFile(file)).length).toBeLessThan(1 << 20);
    const { page } = await open(file);
    const more = page.locator('.beside .more').first();
    expect(await more.locator('summary').textContent()).toContain('more characters');
    await more.locator('summary').click();
    expect((await more.textContent())?.length).toBeGreaterThan(10_000);
    expect(await more.textContent()).toContain('characters stand in events.ndjson');
  });
});

/** Members by which events are told apart and put together. */
const kept = new Set(['event', 'verdict', 'what', 'cause', 'level', 'binds', 'role', 'kind', 'hex']);

describe('the page of 2,000 cases, each with its conversation', () => {
  it('is of a bearable size, and all of them are there and are found', async () => {
    const events = manyCases(2000, await eventsOf('broken'));
    const file = await written('many', events);
    const { page } = await open(file);
    expect(await page.locator('.case').count()).toBe(2000);
    await page.getByLabel('Text', { exact: true }).fill('case-1234');
    await page.getByRole('status').filter({ hasText: '1 of 2000 cases' }).waitFor();
    expect((await readFile(file)).length).toBeLessThan(16 << 20);
  });
});

function manyCases(count: number, events: readonly RunEvent[]): RunEvent[] {
  const start = events.find((event) => event.event === 'run-started');
  const told = events.find((event) => event.event === 'case-finished' && event.transcript !== undefined);
  if (start?.event !== 'run-started' || told?.event !== 'case-finished') throw new Error('no such run');
  const info = start.cases.find(({ id }) => id === told.case);
  if (!info) throw new Error('no such case');
  const transcript = Array.from({ length: 4 }, () => told.transcript ?? []).flat();
  const ids = Array.from({ length: count }, (_, index) => `cpt/many/case-${index}`);
  return [
    { ...start, cases: ids.map((id) => ({ ...info, id })) },
    ...ids.map((id, index) =>
      index % 10 === 0
        ? { ...told, case: id, transcript }
        : { ...told, case: id, verdict: 'pass' as const, failures: [], attempts: [], transcript },
    ),
    ...events.slice(-1),
  ];
}

describe('the page of a run that passes', () => {
  it('says so, and draws the state table with what was visited', async () => {
    await spar(['run', 'cpt', '--filter', 'cpt/server/send/*', '--reports', 'good'], folder);
    const { page, told } = await open(join(await onlyRun(join(folder, 'good')), 'report.html'));
    expect(await page.locator('h1').textContent()).toContain('Everything that was tested holds');
    expect(await page.locator('#broken').textContent()).toContain('Nothing that was tested is broken');
    expect(await page.locator('svg.states g.seen .name').allTextContents()).toEqual(['fresh', 'online']);
    expect(await page.locator('.matrix .way.seen').allTextContents()).toContainEqual(
      expect.stringMatching(/^ACCEPT → online ×/),
    );
    expect(await page.locator('.matrix .way:not(.seen)').count()).toBeGreaterThan(0);
    expect(told).toEqual([]);
  });
});

describe('the page of a campaign', () => {
  it('shows each finding with the valid packet beside the bad one, and what the target printed', async () => {
    const run = join(folder, 'fuzz-cpt-20260101-120000');
    const send = { do: 'send', peer: 'p1', message: 'CONNECT', fields: { username: '${p1.name}' } };
    const finding = {
      id: 'F1',
      symptom: { oracle: 'death', bucket: 'death: SIGSEGV', message: 'the process ended with SIGSEGV' },
      plans: [
        {
          plan: 1,
          moves: [
            { do: 'open', peer: 'p1' },
            { ...send, mutations: [{ kind: 'insert', at: '/username', offset: 0, text: '\0' }] },
          ],
        },
      ],
      confirmed: { times: 3, of: 3 },
      transcript: [
        { at: 0.1, peer: 'p1', what: 'connect', text: '' },
        {
          at: 0.2,
          peer: 'p1',
          what: 'send',
          text: String.raw`CONNECT \x00ada\n`,
          size: 13,
          message: 'CONNECT',
        },
        { at: 0.9, peer: 'p1', what: 'reset', text: '' },
      ],
      output: 'segmentation fault <script>window.owned = 1</script>',
    };
    await mkdir(join(run, 'findings'), { recursive: true });
    await writeFile(join(run, 'campaign.ndjson'), '');
    await writeFile(join(run, 'findings', 'F1.json'), JSON.stringify(finding));
    const { code, stdout } = await spar(['report', run, '--format', 'html'], folder);
    expect(code).toBe(0);
    await writeFile(join(run, 'report.html'), stdout);
    const { page, told } = await open(join(run, 'report.html'));
    expect(await page.locator('h1').textContent()).toContain('1 fault found');
    const sides = page.locator('.beside').first().locator('figure');
    expect(await sides.locator('figcaption').allTextContents()).toEqual([
      'the valid packet',
      'what was sent',
    ]);
    expect(await sides.locator('mark').allTextContents()).toEqual(['$', String.raw`\x00`]);
    expect(await page.locator('.sequence .arrow').allTextContents()).toEqual([
      'connects',
      'CONNECT',
      'reset',
    ]);
    expect(await page.locator('main').innerText()).toContain('segmentation fault <script>');
    expect(told).toEqual([]);
  });

  it('is written at its end, also if nothing was found', async () => {
    const { code } = await spar(
      ['fuzz', 'cpt', '--executions', '20', '--seed', '1', '--reports', 'fuzz'],
      folder,
    );
    expect(code).toBe(0);
    const { page } = await open(join(await onlyRun(join(folder, 'fuzz')), 'report.html'));
    expect(await page.locator('h1').textContent()).toContain('Nothing was found');
  });
});

describe('the page of a comparison', () => {
  it('shows what newly fails, and runs nothing that a test is called', async () => {
    const name = '</script><script>window.owned = 1</script><img src=x onerror="window.owned = 1">';
    await writeFile(join(folder, 'old.tap'), '1..1\nok 1 - first\n');
    await writeFile(join(folder, 'new.tap'), `1..2\nnot ok 1 - first\nok 2 - ${name}\n`);
    const { code, stdout } = await spar(['compare', 'old.tap', 'new.tap', '--format', 'html'], folder);
    expect(code).toBe(1);
    await writeFile(join(folder, 'compare.html'), stdout);
    const { page, told, asked } = await open(join(folder, 'compare.html'));
    expect(await page.locator('h1').textContent()).toContain('1 case newly fails');
    const row = page.locator('#loose tbody tr').filter({ hasText: 'first' });
    expect(await row.locator('td').allTextContents()).toEqual(['pass', 'fail']);
    expect(await page.locator('#loose').innerText()).toContain(name);
    expect(await page.evaluate('window.owned')).toBe(undefined);
    expect({ told, asked }).toEqual({ told: [], asked: [] });
  });
});
