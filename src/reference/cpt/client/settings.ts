/** The settings of the reference client. */
export interface CptClientSettings {
  /** The user name: one word. Required. */
  readonly name: string;
  /** Milliseconds after which a SEND without an answer is sent again, over and over; 0 is never. */
  readonly resendAfter: number;
}
