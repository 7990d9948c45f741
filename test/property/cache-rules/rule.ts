/** A rule of the cache, and the edit of a source file that switches it off. */
export interface Rule {
  readonly rule: string;
  readonly file: string;
  /** Occurs exactly once in the file. */
  readonly from: string;
  readonly to: string;
}
