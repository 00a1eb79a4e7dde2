/** Returns a list for a value that is written plain if it is single: in policies, templates and buildspecs. */
export function list<T>(value: T | T[] | undefined): T[] {
  return value === undefined ? [] : Array.isArray(value) ? value : [value];
}
