import { rmSync } from 'node:fs';
import * as path from 'node:path';
import type { Clone } from './clone';

/** A release that must fail: the steps, and the message. */
interface Refusal {
  readonly name: string;
  readonly says: RegExp;
  run(): string;
}

function refusals(clone: Clone, registry: string, version: string): Refusal[] {
  const tag = `v${version}`;
  return [
    {
      name: 'a release from a working tree with changes',
      says: /Not released: the working tree has uncommitted changes.*[\s\S]*notes\.txt/,
      run: () => {
        clone.write('notes.txt', 'not in any commit\n');
        const output = clone.task('release', registry, true);
        rmSync(path.join(clone.folder, 'notes.txt'));
        return output;
      },
    },
    {
      name: 'a release without a commit that asks for one',
      says: /nothing to release: no commit since .* is a feature, a fix or a breaking change/,
      run: () => {
        clone.write('CONTRIBUTING.md', '\nA line more.\n');
        clone.commit('docs: a line more');
        return clone.task('release', registry);
      },
    },
    {
      name: 'a version whose tag is missing in this clone',
      says: /Not released: version .* is already released.*git fetch --tags/,
      run: () => {
        clone.git('tag', '--delete', tag);
        return clone.task('release', registry, true);
      },
    },
    {
      name: 'a version that npm has without a tag',
      says: /Not released: npm already has version .*, but there is no tag/,
      run: () => {
        clone.git('push', '--quiet', '--delete', 'origin', tag);
        const output = clone.task('release', registry, true);
        clone.git('tag', tag, 'HEAD~1');
        clone.git('push', '--quiet', 'origin', tag);
        return output;
      },
    },
    {
      name: 'a breaking change that no commit declares',
      says: /The interface breaks apps written for release .*[\s\S]*DeploymentConfig\.existing[\s\S]*declare the break/,
      run: () => {
        clone.replace('src/deployment-config.ts', 'static existing(', 'static renamed(');
        clone.commit('feat: another name');
        clone.task('compile', registry);
        return clone.task('compat', registry, true);
      },
    },
  ];
}

/** Tries each refusal, and restores the clone. */
export function rehearseRefusals(clone: Clone, registry: string, version: string, say: (text: string) => void): void {
  const head = clone.git('rev-parse', 'HEAD').trim();
  for (const { name, says, run } of refusals(clone, registry, version)) {
    const output = run();
    if (!says.test(output)) {
      throw new Error(`${name} should have said ${says}:\n${output}`);
    }
    if (clone.packages().length > 0) {
      throw new Error(`${name} has made packages`);
    }
    if (clone.git('status', '--porcelain') !== '') {
      throw new Error(`${name} has changed the working tree`);
    }
    say(`refused: ${name}`);
  }
  clone.git('commit', '--quiet', '--amend', '--message', 'feat!: another name');
  if (!/as declared:[\s\S]*feat!: another name/.test(clone.task('compat', registry))) {
    throw new Error('a declared breaking change should pass');
  }
  say('passed: the same breaking change, declared by "feat!:"');
  clone.git('reset', '--quiet', '--hard', head);
}
