import * as fs from 'node:fs';
import * as path from 'node:path';

/** Unpacks the programs into a folder of the build. */
const UNPACK = [
  'import base64,json,os,sys,zlib',
  'files=json.loads(zlib.decompress(base64.b64decode(sys.argv[1])))',
  '[open(os.path.join(os.environ["RECIPE"],name),"w").write(text) for name,text in files.items()]',
].join(';');

const NO_PYTHON =
  'error: the build image must have python3, because the recipe is a Python program; ' +
  'use an image with python3, or set buildProject.buildSpec';

/**
 * Returns the commands that copy the programs of a recipe into the build. The programs are compressed because CodeBuild
 * accepts a build specification of at most 25,600 characters. This package contains them as text in `recipes`.
 *
 * @see https://github.com/aws/aws-cdk/pull/14974
 */
export function unpackPrograms(program: string): string[] {
  return [
    `command -v python3 || { echo "${NO_PYTHON}" >&2; false; }`,
    `RECIPE=$(mktemp -d) && export RECIPE && python3 -c '${UNPACK}' ${packedPrograms()[program]}`,
  ];
}

function packedPrograms(): { [program: string]: string } {
  return JSON.parse(fs.readFileSync(path.join(assets(__dirname), 'recipes.json'), 'utf8'));
}

/** Returns the folder `assets` of this package for each place of the compiled file. */
function assets(folder: string): string {
  const found = path.join(folder, 'assets');
  const parent = path.dirname(folder);
  if (parent === folder) {
    throw new Error('the package has no assets/recipes.json; install it again, or run `npx projen bundle` in a clone');
  }
  return fs.existsSync(path.join(found, 'recipes.json')) ? found : assets(parent);
}
