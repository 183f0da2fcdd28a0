/** What does not fit in a topology, and where in its file. */
export interface Complaint {
  readonly path: readonly (string | number)[];
  readonly message: string;
}
