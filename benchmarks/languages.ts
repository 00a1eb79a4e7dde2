import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { go } from '../languages/go';
import { java } from '../languages/java';
import { Language, Place } from '../languages/language';
import { pack } from '../languages/pack';
import { python } from '../languages/python';
import { run } from '../languages/shell';
import { typescript } from '../languages/typescript';

/*
 * The cost of the library in each language, compared with aws-cdk-lib of that language alone: the size of the package,
 * the time to install from empty caches, and the time of the first synth after that, of the minimal app against an
 * empty stack.
 *
 *   tsx benchmarks/languages.ts [--packed] [language ...]      --packed uses the existing packages in dist/
 */

const LIBRARY = path.join(__dirname, '..');
const ROUNDS = 3;

/**
 * The differences without the library: the path of the program with an empty stack, and the commands that install the
 * CDK.
 */
interface Alone {
  readonly program: string;
  /** File with the dependencies, and the part of it to remove. */
  readonly manifest: string;
  readonly without: RegExp;
  install(place: Place): string[];
}

const ALONE: Record<string, Alone> = {
  typescript: {
    program: 'minimal.ts',
    manifest: 'package.json',
    without: /.*"cdk-lambda-ci-cd-pipeline".*\n/,
    install: ({ versions: { cdk, constructs } }) => [
      `npm install --no-audit --no-fund --loglevel=error aws-cdk-lib@${cdk} constructs@${constructs}`,
    ],
  },
  python: {
    program: 'minimal.py',
    manifest: 'requirements.txt',
    without: /cdk-lambda-ci-cd-pipeline\n/,
    install: ({ versions: { cdk, constructs } }) => [
      'python3 -m venv .venv',
      `.venv/bin/pip install --quiet aws-cdk-lib==${cdk} constructs==${constructs} -r requirements.txt`,
    ],
  },
  java: {
    program: 'src/main/java/com/acme/inventory/MinimalApp.java',
    manifest: 'pom.xml',
    without: /<dependency>\s*<groupId>io.github.(?:(?!<\/dependency>)[^])*<\/dependency>/,
    install: (place) => java.install(place),
  },
  go: {
    program: 'minimal/main.go',
    manifest: 'go.mod',
    without: /.*cdklambdacicdpipeline.*\n/,
    install: () => ['go mod tidy'],
  },
};

interface Times {
  readonly install: number;
  readonly synth: number;
}

/** Seconds of processor time of the commands, including all processes that they start. */
function time(commands: string[], folder: string, environment: NodeJS.ProcessEnv): number {
  const [script, seconds] = ['measured.sh', 'seconds'].map((file) => path.join(folder, file));
  writeFileSync(script, ['set -e', ...commands].join('\n'));
  run(
    `python3 "${path.join(__dirname, 'programs', 'processor-time.py')}" "${seconds}" bash "${script}"`,
    folder,
    environment,
  );
  return Number(readFileSync(seconds, 'utf8'));
}

/** Installs from empty caches, synthesizes for the first time, and deletes all of it. */
function measure(language: Language, alone?: Alone): Times {
  const work = mkdtempSync(path.join(tmpdir(), 'benchmark-'));
  try {
    const folder = path.join(work, language.name);
    const { version, devDependencies } = JSON.parse(readFileSync(path.join(LIBRARY, 'package.json'), 'utf8'));
    const place = {
      library: LIBRARY,
      work,
      folder,
      versions: { library: version, cdk: devDependencies['aws-cdk-lib'], constructs: devDependencies.constructs },
    };
    const { program, manifest, without } = ALONE[language.name];
    mkdirSync(path.join(folder, path.dirname(program)), { recursive: true });
    const example = path.join(LIBRARY, 'examples', language.name);
    [manifest, program].forEach((file) => cpSync(path.join(example, file), path.join(folder, file)));
    if (alone) {
      const text = readFileSync(path.join(folder, manifest), 'utf8');
      writeFileSync(path.join(folder, manifest), text.replace(without, ''));
      cpSync(path.join(__dirname, 'programs', 'empty', path.basename(program)), path.join(folder, program));
    }
    const environment = {
      npm_config_cache: path.join(work, 'npm'),
      PIP_CACHE_DIR: path.join(work, 'pip'),
      GOCACHE: path.join(work, 'go-build'),
      JSII_RUNTIME_PACKAGE_CACHE_ROOT: path.join(work, 'jsii'),
      CDK_OUTDIR: path.join(work, 'out'),
      ...language.environment(place),
    };
    const install = time((alone ?? language).install(place), folder, environment);
    return { install, synth: time([language.start('minimal')], folder, environment) };
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/** The smallest time of several rounds in which both sides take turns: other work on the machine only adds time. */
function ratios(language: Language): Times {
  const [alone, library]: Times[][] = [[], []];
  for (let round = 0; round < ROUNDS; round++) {
    alone.push(measure(language, ALONE[language.name]));
    library.push(measure(language));
    console.log(
      `${language.name}, round ${round + 1}: ${show(alone[round])} alone, ${show(library[round])} with the library`,
    );
  }
  const smallest = (times: Times[], what: keyof Times) => Math.min(...times.map((one) => one[what]));
  return {
    install: smallest(library, 'install') / smallest(alone, 'install'),
    synth: smallest(library, 'synth') / smallest(alone, 'synth'),
  };
}

const show = ({ install, synth }: Times) => `install ${install.toFixed(1)} s and first synth ${synth.toFixed(1)} s`;

/** Bytes of the library that a user downloads. */
function size(language: Language): number {
  const packages = path.join(LIBRARY, 'dist', language.target);
  if (language === go) {
    // Go downloads the module as a zip
    const zip = path.join(mkdtempSync(path.join(tmpdir(), 'benchmark-')), 'module.zip');
    run(`python3 -m zipfile -c "${zip}" .`, path.join(packages, 'cdklambdacicdpipeline'));
    const { size: bytes } = statSync(zip);
    rmSync(path.dirname(zip), { recursive: true });
    return bytes;
  }
  const file = readdirSync(packages, { recursive: true, encoding: 'utf8' }).find((name) =>
    /(\.tgz|\.whl|\d\.jar)$/.test(name),
  )!;
  return statSync(path.join(packages, file)).size;
}

function main(words: string[]): void {
  const chosen = [typescript, python, java, go].filter(
    ({ name }) => words.every((word) => word.startsWith('-')) || words.includes(name),
  );
  if (!words.includes('--packed')) {
    pack(
      chosen.map(({ target }) => target),
      console.log,
    );
  }
  const rows = chosen
    .map((language) => ({ language, ...ratios(language) }))
    .map(
      ({ language, install, synth }) =>
        `| ${language.name} | ${Math.ceil(size(language) / 1000)} kB | ${install.toFixed(2)} times | ${synth.toFixed(2)} times |`,
    );
  console.log(['| language | package | install | first synth |', '| --- | --- | --- | --- |', ...rows].join('\n'));
}

main(process.argv.slice(2));
