// What the agent answered when something did not work, or that it did not answer. A value.
export class Failure extends Error {
  constructor(readonly kind: string, readonly status: number, readonly what: string, readonly mend = '', readonly retryAfter = 0, readonly where = '') { super(what); }
  get away(): boolean { return this.kind === 'away'; } // the agent did not answer: whether it was done is not known
}
