import { readFileSync } from 'node:fs';
import * as path from 'node:path';
import { go } from '../languages/go';
import { java } from '../languages/java';
import { APPS, Targets } from '../languages/language';
import { python } from '../languages/python';
import { typescript } from '../languages/typescript';
import manifest from '../package.json';

const LANGUAGES = [typescript, python, java, go];
const TARGETS = { npm: manifest.name, ...manifest.jsii.targets } as Targets;

const read = (...file: string[]) => readFileSync(path.join(__dirname, '..', 'examples', ...file), 'utf8');

/** The files of an example that do not hold what they must. */
function lacking(folder: string, texts: Record<string, string[]>): string[] {
  return Object.entries(texts).flatMap(([file, wanted]) => {
    const content = read(folder, file);
    return wanted.filter((text) => !content.includes(text)).map((text) => `${folder}/${file}: ${text}`);
  });
}

describe.each(LANGUAGES)('the example in $name', (language) => {
  test('names the package as it is published', () => {
    expect(lacking(language.name, language.requires(TARGETS))).toEqual([]);
  });

  test('is started by cdk.json with the minimal app', () => {
    expect(JSON.parse(read(language.name, 'cdk.json'))).toEqual({ app: language.start('minimal') });
  });

  test('says in its README how to start each of the other apps', () => {
    const commands = APPS.filter((app) => app !== 'minimal').map(
      (app) => `npx cdk synth --app "${language.start(app)}"`,
    );
    expect(lacking(language.name, { 'README.md': commands })).toEqual([]);
  });
});

describe('the example in dotnet', () => {
  const { packageId, namespace } = manifest.jsii.targets.dotnet;

  test.each(['Minimal', 'InventoryAllocation'])('names the package as it is published: %s', (app) => {
    expect(
      lacking('dotnet', {
        [`${app}/${app}.csproj`]: [`Include="${packageId}"`],
        [`${app}/Program.cs`]: [`using ${namespace};`],
      }),
    ).toEqual([]);
  });

  test('says what was never tried', () => {
    expect(read('dotnet', 'README.md')).toContain('no package for it was ever built');
  });
});

test.each([
  [
    'typescript',
    'package.json',
    (cdk: string, constructs: string) => [`"aws-cdk-lib": "^${cdk}"`, `"constructs": "^${constructs}"`],
  ],
  ['python', 'requirements.txt', (cdk: string) => [`aws-cdk-lib>=${cdk},<3`]],
  [
    'java',
    'pom.xml',
    (cdk: string, constructs: string) => [`<version>${cdk}</version>`, `<version>${constructs}</version>`],
  ],
  ['dotnet', 'Minimal/Minimal.csproj', (cdk: string) => [`Include="Amazon.CDK.Lib" Version="${cdk}"`]],
  ['go', 'go.mod', (cdk: string) => [`github.com/aws/aws-cdk-go/awscdk/v2 v${cdk}`]],
])('the example in %s asks for the lowest CDK that the library takes', (folder, file, texts) => {
  const { 'aws-cdk-lib': cdk, constructs } = manifest.devDependencies;
  expect(lacking(folder, { [file]: texts(cdk, constructs) })).toEqual([]);
});
