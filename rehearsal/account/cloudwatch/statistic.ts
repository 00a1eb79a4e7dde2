import { NotRehearsedError } from '../../base/aws-error';

/** Returns a statistic of the values of one period. */
export function statistic(name: string, values: readonly number[]): number {
  const sum = values.reduce((total, value) => total + value, 0);
  const percentile = /^p(\d+(?:\.\d+)?)$/.exec(name);
  if (percentile) {
    const sorted = [...values].sort((a, b) => a - b);
    return sorted[Math.max(0, Math.ceil((sorted.length * Number(percentile[1])) / 100) - 1)];
  }
  const trimmedCount = /^TC\((\d+(?:\.\d+)?):\)$/.exec(name);
  if (trimmedCount) {
    return values.filter((value) => value > Number(trimmedCount[1])).length;
  }
  switch (name) {
    case 'Sum':
      return sum;
    case 'Average':
      return sum / values.length;
    case 'Maximum':
      return Math.max(...values);
    case 'Minimum':
      return Math.min(...values);
    case 'SampleCount':
      return values.length;
    default:
      throw new NotRehearsedError(`the statistic ${name}`);
  }
}
