import { describeRooms } from '../support/rooms';

const FOLDER = 'src/handlers/release';

describeRooms(FOLDER, {
  'release.lambda': ['steps', 'stack', 'change', 'notice', 'deployment', 'job', 'base', 'contract'],
  steps: ['template', 'code', 'deployment', 'version-alarms', 'function', 'job', 'aws', 'base', 'contract'],
  stack: ['code', 'function', 'aws', 'base', 'contract'],
  change: ['notice', 'template', 'function', 'aws', 'base', 'contract'],
  notice: ['job', 'aws', 'base', 'contract'],
  template: ['code', 'function', 'job', 'aws', 'base', 'contract'],
  code: ['function', 'job', 'aws', 'base', 'contract', 'runtimes'],
  deployment: ['version-alarms', 'function', 'job', 'aws', 'base', 'contract'],
  'version-alarms': ['aws', 'base', 'contract'],
  function: ['aws', 'base', 'contract'],
  job: ['aws', 'base', 'contract'],
  aws: [],
  base: ['contract'],
  contract: [],
  runtimes: [],
});
