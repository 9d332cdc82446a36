import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** The names under which Chromium is installed. */
export const chromiumNames: readonly string[] = ['chromium', 'chromium-browser', 'google-chrome'];

/** Where Chromium is installed; nothing if it is not on the PATH. */
export function chromiumFile(): string | undefined {
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  return folders
    .flatMap((folder) => chromiumNames.map((name) => join(folder, name)))
    .find((file) => existsSync(file));
}

/** How it is started: it asks for nothing but what it is told to. */
export const chromiumWords: readonly string[] = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
