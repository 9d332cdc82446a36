import { readdirSync, readFileSync } from 'node:fs';

const groups = new Set<number>();

/** Watches over a process group: it is killed when this program exits, however it does. */
export function guardGroup(leader: number): void {
  if (groups.size === 0) process.on('exit', killGuarded);
  groups.add(leader);
}

/** Ends the watch over a group that is gone. */
export function releaseGroup(leader: number): void {
  groups.delete(leader);
  if (groups.size === 0) process.off('exit', killGuarded);
}

function killGuarded(): void {
  for (const leader of groups) signalGroup(leader, 'SIGKILL');
}

/** Sends a signal to every process of a group. False if there is none. */
export function signalGroup(leader: number, signal: NodeJS.Signals | 0): boolean {
  try {
    process.kill(-leader, signal);
    return true;
  } catch {
    return false;
  }
}

/** Whether a process of the group runs; on Linux those that are dead and only not collected do not count. */
export function groupLives(leader: number): boolean {
  if (!signalGroup(leader, 0)) return false;
  return process.platform !== 'linux' || livingMembers(leader).length > 0;
}

function livingMembers(group: number): string[] {
  return readdirSync('/proc').filter((name) => {
    if (!/^\d+$/.test(name)) return false;
    // proc(5), stat: pid (comm) state ppid pgrp …; comm may hold anything, also parentheses.
    const stat = read(`/proc/${name}/stat`);
    const [state, , memberOf] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return Number(memberOf) === group && state !== 'Z' && state !== 'X';
  });
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
