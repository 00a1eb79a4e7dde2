import { styleText } from 'node:util';

/** The meaning of a part of the output. */
export type Meaning = 'heading' | 'success' | 'failure' | 'warning' | 'detail';

/** Shows the meaning of a text. */
export type Style = (meaning: Meaning, text: string) => string;

const FORMATS: Record<Meaning, Parameters<typeof styleText>[0]> = {
  heading: 'bold',
  success: 'green',
  failure: 'red',
  warning: 'yellow',
  detail: 'dim',
};

/** Text without colors, for pipes and files. */
export const PLAIN: Style = (_, text) => text;

/** Text with the colors of a terminal. */
export const COLORED: Style = (meaning, text) => styleText(FORMATS[meaning], text, { validateStream: false });

/** Returns the style for a stream: https://no-color.org, https://force-color.org */
export function styleFor(stream: { readonly isTTY?: boolean }, environment: NodeJS.ProcessEnv): Style {
  if (environment.NO_COLOR) {
    return PLAIN;
  }
  return environment.FORCE_COLOR || (stream.isTTY && environment.TERM !== 'dumb') ? COLORED : PLAIN;
}
