/** What goes back to the client. */
export interface Answer {
  readonly statusCode: number;
  readonly headers: readonly (readonly [string, string])[];
  readonly body: string;
}
