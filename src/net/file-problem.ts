import { SparError } from '../problem/problem.ts';

const MENDS: Readonly<Record<string, string>> = {
  ENOENT: 'Is the path right?',
  EISDIR: 'It is a folder; name a file.',
  ENOTDIR: 'A part of the path is a file, not a folder.',
  EACCES: 'Change its permissions, or choose another place.',
  EPERM: 'Change its permissions, or choose another place.',
  EROFS: 'That file system is read-only: choose another place.',
  ENOSPC: 'The disk is full: make room, or choose another place.',
  EDQUOT: 'Your share of the disk is used up: make room, or choose another place.',
  EMFILE: 'Too many files are open: raise the limit (ulimit -n) or lower --jobs.',
};

/** What went wrong with a file, as a problem of the user's. */
export function fileProblem(deed: 'read' | 'write', path: string, error: unknown): SparError {
  const { code = '', message } = error as NodeJS.ErrnoException;
  const mend = MENDS[code];
  return new SparError({
    fault: 'user',
    what: `cannot ${deed} ${path}: ${code === '' ? message : code}`,
    ...(mend !== undefined && { mend }),
  });
}
