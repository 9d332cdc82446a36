/** One side of a comparison of `throughput.ts`: what to play stands in its argument, the figure is printed. */
import { type Side, sideRate } from './throughput.ts';

process.stdout.write(`${await sideRate(JSON.parse(process.argv[2] ?? '{}') as Side)}\n`);
