import type { Coverage } from '../fuzz/edges.ts';
import { EdgeMap } from '../net/edge-map.ts';
import { inspectorOptions, V8Coverage } from '../net/v8-coverage.ts';
import { SparError } from '../problem/problem.ts';

/** Where a campaign learns what code of the target was run through. */
export interface CoverageSource {
  /** What the target is started with. */
  readonly env: Readonly<Record<string, string>>;
  /** `output` is what the target has printed since it was last started. */
  of(output: () => string): Coverage;
  close(): void;
}

/**
 * Reads `--coverage`: the file of a map in AFL's layout (`/dev/shm/NAME`, or `shm:NAME`), or `v8` for a
 * target that Node runs. Raises a SparError where the file cannot be had.
 */
export function coverageSource(text: string): CoverageSource {
  if (text === 'v8') {
    let coverage: V8Coverage | undefined;
    return {
      env: { NODE_OPTIONS: [process.env['NODE_OPTIONS'], inspectorOptions].filter(Boolean).join(' ') },
      of: (output) => {
        coverage = new V8Coverage(output);
        return coverage;
      },
      close: () => coverage?.close(),
    };
  }
  const path = text.startsWith('shm:') ? `/dev/shm/${text.slice(4).replace(/^\/+/, '')}` : text;
  try {
    const map = new EdgeMap(path);
    return { env: { SPAR_COVERAGE: path }, of: () => map, close: () => map.close() };
  } catch (error) {
    throw new SparError({
      fault: 'user',
      what: `the map of edges cannot be read: ${(error as Error).message}`,
      mend: '--coverage takes a file of shared memory, e.g. /dev/shm/edges, or v8 for a target that Node runs.',
    });
  }
}
