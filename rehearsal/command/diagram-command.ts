import { parseArgs } from 'node:util';
import { renderMermaid } from './diagram/mermaid';
import { PipelineBoxes, pipelinesOf } from './diagram/stages';
import { renderSvg } from './diagram/svg';
import { loadAssembly } from '../template/template';

/** The text of `diagram --help`. */
export const DIAGRAM_HELP = `cdk-lambda-ci-cd-pipeline diagram <cdk.out> [options]

Draws the stages of a synthesized pipeline, and writes the picture to the standard output.

  --format <name>          mermaid or svg (default: mermaid)
  --pipeline <name>        the pipeline to draw, if the app has several
`;

const FORMATS: Record<string, (pipeline: PipelineBoxes) => string> = { mermaid: renderMermaid, svg: renderSvg };

/** Runs the command `diagram`. Returns its exit code. */
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
    throw new Error('the command needs one argument: the output folder of cdk synth');
  }
  if (!FORMATS[format]) {
    throw new Error(`--format must be ${Object.keys(FORMATS).join(' or ')}, got ${format}`);
  }
  process.stdout.write(FORMATS[format](choose(loadAssembly(assembly).flatMap(pipelinesOf), assembly, pipeline)));
  return 0;
}

function choose(pipelines: PipelineBoxes[], assembly: string, name: string | undefined): PipelineBoxes {
  const chosen = name === undefined ? pipelines : pipelines.filter((pipeline) => pipeline.name === name);
  if (chosen.length === 1) {
    return chosen[0];
  }
  const names = pipelines.map((pipeline) => pipeline.name).join(', ');
  if (pipelines.length === 0) {
    throw new Error(`${assembly} has no pipeline`);
  }
  throw new Error(
    name === undefined
      ? `the app has several pipelines: add --pipeline with one of ${names}`
      : `--pipeline must be one of ${names}, got ${name}`,
  );
}
