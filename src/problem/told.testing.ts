import { SparError } from './problem.ts';
import { renderProblem } from './render.ts';

/** What a person would be told of the files that `read` reads. Other errors are thrown on. */
export function told(read: () => unknown): string {
  try {
    read();
    return 'Nothing is wrong.\n';
  } catch (error) {
    if (!(error instanceof SparError)) throw error;
    return `${error.problems.map(renderProblem).join('\n\n')}\n`;
  }
}
