/** The settings of the reference server, with their defaults. */
export interface Ws2017Settings {
  /** Milliseconds between two pings. */
  readonly pingInterval: number;
  /** Milliseconds from the first unanswered ping to the disconnection. */
  readonly pingTimeout: number;
}

/** What stands where nothing else is set. */
export const ws2017Settings: Ws2017Settings = { pingInterval: 10_000, pingTimeout: 30_000 };
