/** How many seconds an invocation works on its job before it returns a continuation token. */
export const VISIT_SECONDS = 60;
/** Seconds between two requests for the state of a deployment or of a stack. */
export const POLL_SECONDS = 10;
