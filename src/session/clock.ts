/** Time, passed in so that tests and replays hold it in their hands. */
export interface Clock {
  /** Milliseconds on a clock that only goes forward. */
  now(): number;
  /** Milliseconds since 1970-01-01T00:00:00Z. */
  wall(): number;
  /** Calls `act` once after `ms` milliseconds; the result cancels it. */
  after(ms: number, act: () => void): () => void;
}
