import { CODE_ARTIFACT_CASES } from './code-artifact';
import { JAVA_CASES } from './java';
import { NODE_CASES } from './node';
import { PROVIDED_CASES } from './provided';
import { PYTHON_CASES } from './python';
import { RUBY_CASES } from './ruby';
import { BuildCase } from '../case';

/** The small repositories. */
export const CASES: BuildCase[] = [
  ...PYTHON_CASES,
  ...NODE_CASES,
  ...JAVA_CASES,
  ...PROVIDED_CASES,
  ...CODE_ARTIFACT_CASES,
  ...RUBY_CASES,
];
