import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import { script, scriptHash } from './script.ts';

it('has the hash by which a page allows it', () => {
  expect(scriptHash).toBe(createHash('sha256').update(script).digest('base64'));
});
