/** How far a connection came before it failed. */
export type ConnectStage = 'connect' | 'tls' | 'handshake';

/** No connection could be made. */
export class ConnectError extends Error {
  override readonly name = 'ConnectError';
  /** The system's or the library's code, e.g. `ECONNREFUSED`, `ETIMEDOUT`, `CERT_HAS_EXPIRED`. */
  readonly code: string;
  readonly stage: ConnectStage;

  constructor(stage: ConnectStage, code: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.stage = stage;
    this.code = code;
  }
}
