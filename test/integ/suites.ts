import { RELEASE } from './scenarios/release';
import { SHIFT } from './scenarios/shift';
import { Suite } from './support/scenario';

export const SUITES: readonly Suite[] = [RELEASE, SHIFT];
