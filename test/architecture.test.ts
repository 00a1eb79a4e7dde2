import * as fs from 'node:fs';
import { isBuiltin } from 'node:module';
import * as path from 'node:path';

const ROOT = path.join(__dirname, '..');
/** The nouns of the design, a file or a folder each; what puts them together is none of them. */
const CONCEPTS = fs
  .readdirSync(path.join(ROOT, 'src'))
  .filter((name) => !/^(index\.ts|lambda-ci-cd-pipeline.*|plain-.*|handlers|private)$/.test(name))
  .map((name) => name.replace(/\.ts$/, ''));

function filesIn(folder: string): string[] {
  return fs.readdirSync(path.join(ROOT, folder), { withFileTypes: true }).flatMap((entry) => {
    const file = `${folder}/${entry.name}`;
    return entry.isDirectory() ? filesIn(file) : file.endsWith('.ts') ? [file] : [];
  });
}

/** What a file imports: paths of the repository without their ending, and names of packages. */
function importsOf(file: string): string[] {
  const text = fs.readFileSync(path.join(ROOT, file), 'utf8');
  const specifiers = [
    ...text.matchAll(/^(?:import|export)[^;]*?from '([^']+)';/gms),
    ...text.matchAll(/(?:import|require)\('([^']+)'\)/g),
  ].map(([, specifier]) => specifier);
  return specifiers.map((specifier) =>
    specifier.startsWith('.') ? resolved(path.posix.join(path.posix.dirname(file), specifier)) : specifier,
  );
}

function resolved(file: string): string {
  return fs.existsSync(path.join(ROOT, `${file}.ts`)) ? file : `${file}/index`;
}

const SOURCE = filesIn('src');
const imports = new Map(SOURCE.map((file) => [file.replace(/\.ts$/, ''), importsOf(file)]));
const breaking = (files: (file: string) => boolean, forbidden: (imported: string, file: string) => boolean) =>
  [...imports]
    .filter(([file]) => files(file))
    .flatMap(([file, imported]) =>
      imported.filter((each) => forbidden(each, file)).map((each) => `${file} imports ${each}`),
    );

/** The noun of the design that a file belongs to: `target-function` for `src/target-function/config`. */
const conceptOf = (file: string) =>
  CONCEPTS.find((concept) => file === `src/${concept}` || file.startsWith(`src/${concept}/`));

describe('imports', () => {
  test('are found: the test sees what it judges', () => {
    expect(imports.get('src/index')).toContain('src/lambda-ci-cd-pipeline');
    expect(imports.get('src/build-project')).toContain('aws-cdk-lib/aws-codebuild');
  });

  test('of handlers name neither the CDK nor the construct', () => {
    expect(
      breaking(
        (file) => file.startsWith('src/handlers/'),
        (imported) =>
          /^(aws-cdk-lib|constructs)/.test(imported) ||
          (imported.startsWith('src/') && !imported.startsWith('src/handlers/')),
      ),
    ).toEqual([]);
  });

  test('of the construct name no handler, but for the contract', () => {
    expect(
      breaking(
        (file) => !file.startsWith('src/handlers/'),
        (imported) => imported.startsWith('src/handlers/') && !imported.endsWith('/contract'),
      ),
    ).toEqual([]);
  });

  test('of the contract are none', () => {
    expect(imports.get('src/handlers/release/contract')).toEqual([]);
  });

  test('of the library never name the rehearsal, the tests or the examples', () => {
    expect(
      breaking(
        () => true,
        (imported) => /^(rehearsal|test|examples|benchmarks)\//.test(imported),
      ),
    ).toEqual([]);
  });

  test('of a concept name no other, but for the repository that a build logs in to and the notices that the release function writes', () => {
    const allowed = ['build-project code-artifact', 'release-function notification'];
    expect(
      breaking(
        (file) => conceptOf(file) !== undefined,
        (imported, file) =>
          conceptOf(imported) !== undefined &&
          conceptOf(imported) !== conceptOf(file) &&
          !allowed.includes(`${conceptOf(file)} ${conceptOf(imported)}`),
      ),
    ).toEqual([]);
  });

  test('of what is private stay below the concepts', () => {
    expect(
      breaking(
        (file) => file.startsWith('src/private/'),
        (imported) => conceptOf(imported) !== undefined || imported.startsWith('src/lambda-ci-cd-pipeline'),
      ),
    ).toEqual([]);
  });

  test('name the index nowhere', () => {
    expect(
      breaking(
        () => true,
        (imported) => imported === 'src/index',
      ),
    ).toEqual([]);
  });

  test('go round in no circle', () => {
    const circles: string[] = [];
    const visit = (file: string, trail: string[]): void => {
      if (trail.includes(file)) {
        circles.push([...trail.slice(trail.indexOf(file)), file].join(' > '));
        return;
      }
      (imports.get(file) ?? []).forEach((imported) => visit(imported, [...trail, file]));
    };
    [...imports.keys()].forEach((file) => visit(file, []));
    expect([...new Set(circles)]).toEqual([]);
  });

  test('of packages that users install are the CDK and constructs alone', () => {
    const packages = new Set(
      SOURCE.filter((file) => !file.startsWith('src/handlers/'))
        .flatMap((file) => imports.get(file.replace(/\.ts$/, ''))!)
        .filter((imported) => !imported.startsWith('src/')),
    );
    expect([...packages].filter((name) => !isBuiltin(name) && !/^(aws-cdk-lib(\/.*)?|constructs)$/.test(name))).toEqual(
      [],
    );
  });
});

describe('the public interface', () => {
  const exported = (file: string) =>
    [...fs.readFileSync(path.join(ROOT, file), 'utf8').matchAll(/^export \{([^}]+)\} from/gms)]
      .flatMap(([, names]) =>
        names
          .split(',')
          .map((name) => name.trim().replace(/^type /, ''))
          .filter(Boolean),
      )
      .sort();

  test('is this list, and every change of it is meant', () => {
    expect(exported('src/index.ts')).toEqual([
      'AllAtOnceOptions',
      'ApprovalOptions',
      'ArtifactStoreOptions',
      'BoundTargetFunction',
      'BuildProjectOptions',
      'CodeArtifact',
      'CodeArtifactOptions',
      'CodeCommitSourceOptions',
      'CommonFunctionOptions',
      'ConnectionProvider',
      'ConnectionSourceOptions',
      'CreateCodeArtifactOptions',
      'CreateFromImageOptions',
      'CreateFromTemplateOptions',
      'CreateFunctionOptions',
      'DeploymentAlarm',
      'DeploymentAlarmOptions',
      'DeploymentConfig',
      'DurationAlarmOptions',
      'EcrSourceOptions',
      'ExistingCodeArtifactOptions',
      'FromAliasOptions',
      'FromFunctionOptions',
      'ILiveAlias',
      'InconclusiveAction',
      'LambdaCiCdPipeline',
      'LambdaCiCdPipelineProps',
      'LatencyAlarmOptions',
      'NotificationEvent',
      'NotificationOptions',
      'PackageFormat',
      'S3SourceOptions',
      'Source',
      'SourceBindOptions',
      'SourceConfig',
      'TargetFunction',
      'TargetFunctionBindOptions',
      'TimeBasedOptions',
      'VerificationOptions',
      'VersionAlarmOptions',
      'VersionMetricAlarmOptions',
    ]);
  });

  test('has no name that other languages read as something else: NewX makes an X in Go, and IX is an interface in .NET', () => {
    expect(exported('src/index.ts').filter((name) => /^(New|I)[A-Z]/.test(name))).toEqual(['ILiveAlias']); // a behavioral interface
  });

  test('has no class with the name of its namespace in .NET', () => {
    const { namespace } = JSON.parse(fs.readFileSync(path.join(ROOT, 'package.json'), 'utf8')).jsii.targets.dotnet;
    expect(exported('src/index.ts')).not.toContain(namespace.split('.').pop());
  });
});

describe('files', () => {
  test('name nothing that is of one machine', () => {
    const everywhere = [...SOURCE, ...filesIn('rehearsal')].map((file) => [
      file,
      fs.readFileSync(path.join(ROOT, file), 'utf8'),
    ]);
    expect(everywhere.filter(([, text]) => /\/work\/|\/home\//.test(text)).map(([file]) => file)).toEqual([]);
  });
});
