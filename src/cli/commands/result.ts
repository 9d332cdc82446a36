/** Where a command puts the exit code. */
export interface Result {
  exit: number;
}
