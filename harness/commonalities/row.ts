/** A judged cell as what it is compared by: its axes, and what follows from them. */
export interface Row {
  readonly failed: boolean;
  /** Attribute to value. An attribute that a row lacks has no value there. */
  readonly values: Readonly<Record<string, string>>;
}

/** One attribute and the values that it may have. */
export interface Condition {
  readonly attribute: string;
  readonly values: readonly string[];
}
