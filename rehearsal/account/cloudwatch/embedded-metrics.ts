import { MetricValue } from './metrics';

/** The part of an embedded metric that the rehearsal reads. */
interface Directive {
  readonly Namespace: string;
  readonly Dimensions?: string[][];
  readonly Metrics?: { readonly Name: string }[];
}

/**
 * Reads the metrics that a function writes to its log:
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */
export function readEmbeddedMetrics(line: string, time: number): MetricValue[] {
  const document = parse(line.slice(Math.max(0, line.indexOf('{'))));
  const directives = (document?._aws as { readonly CloudWatchMetrics?: Directive[] } | undefined)?.CloudWatchMetrics;
  return (directives ?? []).flatMap(({ Namespace, Dimensions = [[]], Metrics = [] }) =>
    Dimensions.flatMap((names) =>
      Metrics.flatMap(({ Name }) =>
        [document![Name]].flat().map((value) => ({
          time,
          namespace: Namespace,
          metricName: Name,
          dimensions: Object.fromEntries(names.map((name) => [name, String(document![name])])),
          value: Number(value),
        })),
      ),
    ),
  );
}

function parse(text: string): Record<string, unknown> | undefined {
  if (!text.includes('"_aws"')) {
    return undefined;
  }
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    return undefined; // another line of the log
  }
}
