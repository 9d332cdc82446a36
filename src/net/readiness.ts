import { connect } from 'node:net';

const LONGEST_PAUSE_MS = 10;

/** Milliseconds between the tries of something that is expected soon: short, then longer. */
export function* pauses(): Generator<number> {
  for (let ms = 1; ; ms = Math.min(2 * ms, LONGEST_PAUSE_MS)) yield ms;
}

/** Whether a TCP connection is accepted. */
export function accepts(host: string, port: number, withinMs: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port });
    socket.setTimeout(withinMs, () => socket.destroy());
    socket.once('connect', () => {
      resolve(true);
      socket.destroy();
    });
    socket.on('error', () => {});
    socket.once('close', () => resolve(false));
  });
}
