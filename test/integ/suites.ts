import { IMAGE } from './scenarios/image';
import { RELEASE } from './scenarios/release';
import { SHIFT } from './scenarios/shift';
import { TEMPLATE } from './scenarios/template';
import { Suite } from './support/scenario';

export const SUITES: readonly Suite[] = [RELEASE, SHIFT, TEMPLATE, IMAGE];
