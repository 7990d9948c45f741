/**
 * A place in one partition's log. `base` names the incarnation of the log: sequences of different
 * bases cannot be compared.
 */
export interface LogPosition {
  readonly base: bigint;
  readonly sequence: bigint;
}
