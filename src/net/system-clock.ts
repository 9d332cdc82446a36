import type { Clock } from '../session/clock.ts';

/** Milliseconds that a timer may be late before this process is taken to have been held up itself. */
const heldUp = 50;

/** The time of this machine. */
export const systemClock: Clock = {
  now: () => performance.now(),
  wall: () => Date.now(),
  after(ms, act) {
    const due = performance.now() + ms;
    let timer = setTimeout(() => {
      const late = performance.now() - due;
      // What came in the meantime has not been read yet, and must not be called silence.
      if (late > heldUp) timer = setTimeout(act, Math.min(late, ms));
      else act();
    }, ms);
    return () => clearTimeout(timer);
  },
};
