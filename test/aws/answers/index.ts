import { CLOUDFORMATION } from './cloudformation';
import { ALIASES, PERMISSIONS } from './lambda-aliases';
import { FUNCTIONS } from './lambda-functions';
import { IMAGES, INVOCATIONS, TAGS } from './lambda-others';
import { VERSIONS } from './lambda-versions';
import { CLOUDWATCH, SNS, SSM } from './other-services';
import { S3 } from './s3';
import { Scenario } from './scenario';

/**
 * Answers of AWS, as tests of LocalStack recorded them (github.com/localstack/localstack, Apache-2.0, at 8b9a79f05): the
 * calls are made again here, on other names, and only the facts are taken: members, defaults, errors and messages.
 */
export const RECORDED: readonly Scenario[] = [
  ...FUNCTIONS,
  ...VERSIONS,
  ...ALIASES,
  ...PERMISSIONS,
  ...TAGS,
  ...IMAGES,
  ...INVOCATIONS,
  ...S3,
  ...CLOUDFORMATION,
  ...SNS,
  ...SSM,
  ...CLOUDWATCH,
];
