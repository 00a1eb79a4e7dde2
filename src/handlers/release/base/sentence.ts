/** The text with a period at the end. Messages of AWS sometimes have one and sometimes not. */
export function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
