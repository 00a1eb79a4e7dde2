import { type Project, type Task } from 'projen';

/** The task that projen makes under this name; an error when it makes none any more. */
export function taskNamed(project: Project, name: string): Task {
  const task = project.tasks.tryFind(name);
  if (!task) {
    throw new Error(`projen makes no task ${name} any more: change what .projenrc.ts does with it`);
  }
  return task;
}

/**
 * The position of the only element that fits; an error that says what was looked for when there is none, or more than
 * one.
 */
export function positionOf<T>(elements: readonly T[], what: string, fits: (element: T) => boolean): number {
  const positions = elements.flatMap((element, index) => (fits(element) ? [index] : []));
  if (positions.length !== 1) {
    throw new Error(
      `projen makes ${positions.length} of ${what}, instead of one: change what .projenrc.ts does with it`,
    );
  }
  return positions[0];
}
