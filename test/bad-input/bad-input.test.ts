import * as fc from 'fast-check';
import { TOKENS, unusualValues } from './bad-values';
import { Given, Outcome, outcomeOf } from './outcome';
import { nameOf, placesOf, typeOf } from './places';
import { validatedStack, violationsOf } from './violations';
import { ARGUMENTS } from '../../src/private/input/types';
import { cloudFormationValidate } from '../support/cloudformation-validate';

jest.dontMock(cloudFormationValidate!);
beforeAll(() => jest.spyOn(console, 'error').mockImplementation());

interface Case {
  readonly label: string;
  readonly given: Given;
  readonly outcome: Outcome;
}

const CALLEES = Object.keys(ARGUMENTS);
const CASES = new Map<string, Case[]>();

function casesOf(callee: string): Case[] {
  const cases =
    CASES.get(callee) ??
    placesOf(callee).flatMap((place) =>
      unusualValues(typeOf(place)).map(([name, make]) => {
        const given: Given = [place, make];
        return { label: `${nameOf(place)}: ${name}`, given, outcome: outcomeOf([given]) };
      }),
    );
  CASES.set(callee, cases);
  return cases;
}

/** Places in which a token has no meaning. */
const NO_TOKEN = new RegExp(
  [
    '^id of', // part of the logical IDs
    'options.period of|approvals.0.timeout', // the CDK checks the number
    'threshold of DeploymentAlarm.duration|(maxEventAge|retryAttempts|reservedConcurrentExecutions) of', // never valid
    'currentVersionOptions|durableConfig|logRetentionRetryOptions', // never valid
    'LogLevel of|vpcSubnets|logging.cloudWatch|serverAccessLogsPrefix', // need another option
    'tags(In|Ex)cludes.0', // not together with branches
  ].join('|'),
);

describe.each(CALLEES)('%s', (callee) => {
  test('accepts each unusual value, or refuses it with the name of the option', () => {
    const errors = casesOf(callee).flatMap(({ label, outcome }) =>
      typeof outcome === 'string' ? [] : [`${label}: ${outcome.error}`],
    );
    expect(errors).toEqual([]);
  });

  test('accepts a token for each option', () => {
    const refused = placesOf(callee).filter((place) => {
      const tokens = TOKENS[typeOf(place)] ?? [];
      return tokens.length > 0 && !tokens.some((token) => outcomeOf([[place, token]]) === 'accepted');
    });
    expect(refused.map(nameOf).filter((name) => !NO_TOKEN.test(name))).toEqual([]);
  });
});

// A failure prints the seed, and the values.
describe.each(['LambdaCiCdPipeline', 'TargetFunction.create', 'Source.connection'])('combinations for %s', (callee) => {
  const accepted = () => casesOf(callee).filter(({ outcome }) => outcome === 'accepted');
  const combinations = () => fc.uniqueArray(fc.constantFrom(...accepted()), { minLength: 1, maxLength: 3 });

  test('are accepted with a valid template, or refused with the name of an option', () => {
    fc.assert(
      fc.property(
        combinations().map((cases) =>
          Object.assign(cases, { [fc.toStringMethod]: () => cases.map(({ label }) => label).join(' + ') }),
        ),
        (cases) => {
          const stack = validatedStack();
          const outcome = outcomeOf(
            cases.map(({ given }) => given),
            stack,
          );
          expect(outcome === 'accepted' ? violationsOf(stack) : outcome).toEqual(
            outcome === 'accepted' ? [] : 'refused',
          );
        },
      ),
      { numRuns: 8 },
    );
  });
});
