import { SparError } from '../problem/problem.ts';

const MEANINGS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file or folder',
  EISDIR: 'it is a folder',
  ENOTDIR: 'a part of the path is a file',
  EACCES: 'it is not allowed',
  EPERM: 'it is not allowed',
  EROFS: 'the file system is read-only',
  ENOSPC: 'the disk is full',
  EDQUOT: 'your share of the disk is used up',
  EMFILE: 'too many files are open',
  ERR_ENCODING_INVALID_ENCODED_DATA: 'it is no UTF-8 text',
};
const MENDS: Readonly<Record<string, string>> = {
  ENOENT: 'Is the path right?',
  EISDIR: 'Name a file.',
  ENOTDIR: 'Name a path whose folders are folders.',
  EACCES: 'Change its permissions, or choose another place.',
  EPERM: 'Change its permissions, or choose another place.',
  EROFS: 'Choose another place.',
  ENOSPC: 'Make room, or choose another place.',
  EDQUOT: 'Make room, or choose another place.',
  EMFILE: 'Raise the limit (ulimit -n) or lower --jobs.',
  ERR_ENCODING_INVALID_ENCODED_DATA: 'Save it as UTF-8.',
};

/** What went wrong with a file, as a problem of the user's. */
export function fileProblem(deed: 'read' | 'write', path: string, error: unknown): SparError {
  const { code = '', message } = error as NodeJS.ErrnoException;
  const meaning = MEANINGS[code];
  const mend = MENDS[code];
  return new SparError({
    fault: 'user',
    what: `cannot ${deed} ${path}: ${meaning === undefined ? message : `${meaning} (${code})`}`,
    ...(mend !== undefined && { mend }),
  });
}
