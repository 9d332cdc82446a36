import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BrowserContext, chromium, type Page } from 'playwright-core';
import { chromiumFile, chromiumNames, chromiumWords } from '../pictures/chromium.ts';

/** A browser without a past. */
export interface Browser {
  readonly context: BrowserContext;
  close(): Promise<void>;
}

/**
 * Starts Chromium with an empty folder of its own. The result is the reason why there is none: tests that
 * need one skip for it. With SPAR_CI set a missing browser is an error.
 */
export async function browser(): Promise<Browser | string> {
  const file = chromiumFile();
  if (file === undefined) {
    const reason = `there is no ${chromiumNames.join(', ')} on the PATH`;
    if (process.env['SPAR_CI']) throw new Error(reason);
    return reason;
  }
  const folder = await mkdtemp(join(tmpdir(), 'spar-browser-'));
  const context = await chromium.launchPersistentContext(folder, {
    executablePath: file,
    args: [...chromiumWords],
  });
  const close = async (): Promise<void> => {
    await context.close();
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  };
  return { context, close };
}

/** A page that opened a file, and what it did besides. */
export interface Opened {
  readonly page: Page;
  /** Addresses that it asked for, its own file aside. */
  readonly asked: readonly string[];
  /** Errors of scripts, messages on the console, dialogs. */
  readonly told: readonly string[];
}

/** Opens a file in a new page. */
export async function openFile(context: BrowserContext, file: string, anchor = ''): Promise<Opened> {
  const page = await context.newPage();
  const asked: string[] = [];
  const told: string[] = [];
  const address = `file://${file}`;
  page.on('request', (request) => {
    if (!request.url().startsWith(address)) asked.push(request.url());
  });
  page.on('pageerror', (error) => told.push(error.message));
  page.on('console', (message) => told.push(message.text()));
  page.on('dialog', (dialog) => {
    told.push(`dialog ${dialog.message()}`);
    void dialog.dismiss();
  });
  await page.goto(address + anchor);
  return { page, asked, told };
}
