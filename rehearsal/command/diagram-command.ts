import { parseArgs } from 'node:util';
import { renderMermaid } from './diagram/mermaid';
import { PipelineBoxes, pipelinesOf } from './diagram/stages';
import { renderSvg } from './diagram/svg';
import { loadAssembly } from '../template/template';

/** What `diagram --help` says. */
export const DIAGRAM_HELP = `cdk-lambda-ci-cd-pipeline diagram <cdk.out> [options]

Draws the stages of a synthesized app's pipeline, and writes the picture to the standard output.

  --format <name>          mermaid or svg (mermaid)
  --pipeline <name>        this pipeline, when the app has several
`;

const FORMATS: Record<string, (pipeline: PipelineBoxes) => string> = { mermaid: renderMermaid, svg: renderSvg };

/** Runs the command `diagram`; its result is the exit code. */
export async function diagramCommand(argv: string[]): Promise<number> {
  const {
    values: { format, pipeline },
    positionals: [assembly, ...more],
  } = parseArgs({
    args: argv,
    allowPositionals: true,
    options: { format: { type: 'string', default: 'mermaid' }, pipeline: { type: 'string' } },
  });
  if (!assembly || more.length > 0) {
    throw new Error('give the folder that cdk synth has written');
  }
  if (!FORMATS[format]) {
    throw new Error(`--format takes ${Object.keys(FORMATS).join(' or ')}, got ${format}`);
  }
  process.stdout.write(FORMATS[format](choose(loadAssembly(assembly).flatMap(pipelinesOf), assembly, pipeline)));
  return 0;
}

function choose(pipelines: PipelineBoxes[], assembly: string, wanted: string | undefined): PipelineBoxes {
  const chosen = wanted === undefined ? pipelines : pipelines.filter(({ name }) => name === wanted);
  if (chosen.length === 1) {
    return chosen[0];
  }
  const names = pipelines.map(({ name }) => name).join(', ');
  if (pipelines.length === 0) {
    throw new Error(`${assembly} has no pipeline`);
  }
  throw new Error(
    wanted === undefined
      ? `give --pipeline, because the app has several: ${names}`
      : `there is no pipeline ${wanted}: there is ${names}`,
  );
}
