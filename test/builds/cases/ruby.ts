import * as lambda from 'aws-cdk-lib/aws-lambda';
import { BuildCase } from '../case';

const RUBY = { runtime: lambda.Runtime.RUBY_3_4, handler: 'app.handler', tools: ['ruby', 'bundle'], isInvoked: false };
const APP = 'def handler(event:, context:)\n  "ok"\nend\n';
const TEST = 'require "app"\nraise "wrong" unless handler(event: {}, context: nil) == "ok"\n';
const GEM =
  'Gem::Specification.new do |spec|\n  spec.name = "rules"\n  spec.version = "1.0.0"\n  spec.summary = "rules"\n' +
  '  spec.authors = ["acme"]\n  spec.files = ["lib/rules.rb"]\nend\n';

/** No case needs a registry: the gems are in the repository. */
export const RUBY_CASES: BuildCase[] = [
  {
    ...RUBY,
    name: 'ruby: one file and its test',
    files: { 'app.rb': APP, 'test/test_app.rb': TEST },
    packed: ['app.rb'],
    notPacked: ['test'],
    says: ['no report: Minitest', 'no dependencies: no Gemfile'],
  },
  {
    ...RUBY,
    name: 'ruby: a gem of the repository is where the runtime looks for gems',
    files: {
      'services/orders/app.rb': `require "rules"\n${APP}`,
      'services/orders/Gemfile': 'source "https://rubygems.org"\ngem "rules", path: "../../gems/rules"\n',
      'gems/rules/rules.gemspec': GEM,
      'gems/rules/lib/rules.rb': 'RULES = 1\n',
    },
    buildProject: {
      sourceDirectory: 'services/orders',
      postBuildCommands: [
        'python3 -m zipfile -l "${ProjectName}.zip" | grep "vendor/bundle/ruby/.*/gems/rules-1.0.0/lib/rules.rb"',
        'python3 -m zipfile -l "${ProjectName}.zip" | grep "vendor/bundle/ruby/.*/specifications/rules-1.0.0.gemspec"',
      ],
    },
    packed: ['app.rb', 'Gemfile'],
    says: ['no unit tests'],
    sameBytes: true,
  },
  {
    ...RUBY,
    name: 'ruby: a test that needs a gem',
    files: { 'app.rb': APP, 'test/test_app.rb': `require "no_such_gem"\n${TEST}` },
    red: ['cannot load such file -- no_such_gem', 'add the gem with no_such_gem to the Gemfile'],
  },
];
