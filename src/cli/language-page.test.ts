import { expect, it } from 'vitest';
import { languagePage, unexplained } from './language-page.testing.ts';

it('docs/suite-language.md says what the schemas say: npm run docs writes it', async () => {
  await expect(languagePage()).toMatchFileSnapshot('../../docs/suite-language.md');
});

it('every key is explained in its schema', () => {
  expect(unexplained()).toEqual([]);
});
