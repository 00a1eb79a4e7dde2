/** The result of an action of a run. */
export interface ActionRecord {
  readonly name: string;
  readonly status: 'Succeeded' | 'Failed';
  readonly summary: string;
  /** The seconds on the virtual clock. */
  readonly seconds: number;
  readonly variables: Record<string, string>;
}

/** The result of a stage of a run. */
export interface StageRecord {
  readonly name: string;
  status: 'Succeeded' | 'Failed' | 'Skipped';
  readonly actions: ActionRecord[];
  reason?: string;
}
