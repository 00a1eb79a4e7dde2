import { Case } from './case';
import { COMPILED } from './compiled';
import { NODE } from './node';
import { PYTHON } from './python';

export const CASES: readonly Case[] = [...PYTHON, ...NODE, ...COMPILED];
