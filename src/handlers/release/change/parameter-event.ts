/** The part of EventBridge's event for a parameter that the release function reads. */
export interface ParameterEvent {
  readonly detail: { readonly name: string; readonly operation: string };
}
