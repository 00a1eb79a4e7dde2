import { ActionBox, PipelineBoxes, StageBox } from './stages';

/** Renders a pipeline as a Mermaid flowchart. */
export function renderMermaid({ stages }: PipelineBoxes): string {
  return [
    'flowchart TB',
    ...stages.flatMap(renderStage),
    `  ${stages.map((_, index) => stageId(index)).join(' --> ')}`,
    ...stages.flatMap(({ entry }, index) => (entry ? [`  style ${stageId(index)} stroke-dasharray: 5 5`] : [])),
    '',
  ].join('\n');
}

function renderStage({ name, entry, steps }: StageBox, index: number): string[] {
  const id = stageId(index);
  const nodes = steps.map((actions, step) =>
    actions.map((action, position) => ({ id: `${id}_${step + 1}_${position + 1}`, action })),
  );
  const order = nodes.map((step) => step.map((node) => node.id).join(' & ')).join(' --> ');
  return [
    `  subgraph ${id} [${quote(entry ? `${name}: ${entry}` : name)}]`,
    '    direction LR',
    ...nodes.flat().map((node) => `    ${node.id}[${quote(label(node.action))}]`),
    ...(nodes.length > 1 ? [`    ${order}`] : []),
    '  end',
  ];
}

function label({ name, provider, artifacts }: ActionBox): string {
  return [name, provider, artifacts].filter(Boolean).join('\n');
}

/** Quotes a text, which Mermaid parses as HTML. */
function quote(text: string): string {
  const escaped = text
    .replace(/&/g, '&amp;')
    .replace(/"/g, '&quot;')
    .replace(/</g, '&lt;')
    .replace(/#/g, '#35;')
    .replace(/\n/g, '<br/>');
  return `"${escaped}"`;
}

function stageId(index: number): string {
  return `stage${index + 1}`;
}
