import * as fs from 'node:fs';
import * as path from 'node:path';
import { AwsError } from '../../../rehearsal/base/aws-error';
import { CacheStore, restoreCache, saveCache } from '../../../rehearsal/build/cache';
import { namesIn } from '../../support/zip';
import { folderWith } from '../support/run';

/** A cache in memory. */
class Memory implements CacheStore {
  archive?: Buffer;
  read = async () => this.archive;
  write = async (archive: Buffer) => {
    this.archive = archive;
  };
}

const denied: CacheStore = {
  read: async () => {
    throw new AwsError(403, 'AccessDenied', 'no');
  },
  write: async () => {
    throw new AwsError(403, 'AccessDenied', 'no');
  },
};

async function save(files: Record<string, string>, ...paths: string[]): Promise<{ names: string[]; notes: string[] }> {
  const store = new Memory();
  const notes = await saveCache(store, paths, folderWith({ 'home/.x': '', 'src/.x': '', ...files }));
  const zip = path.join(folderWith(), 'cache.zip');
  if (store.archive) {
    fs.writeFileSync(zip, store.archive);
  }
  return { names: store.archive ? namesIn(zip) : [], notes };
}

test.each([
  ['/root/.cache/pip/**/*', 'home/.cache/pip/http/a'],
  ['/go/pkg/mod/**/*', 'home/go/pkg/mod/b/c.go'],
  ['/usr/local/share/.cache/yarn/**/*', 'home/.cache/yarn/d'],
  ['node_modules/**/*', 'src/node_modules/e/f.js'],
  ['target/', 'src/target/g.class'],
])('the path %s caches %s', async (pattern, file) => {
  expect((await save({ [file]: 'x', 'home/other': 'x', 'src/other': 'x' }, pattern)).names).toEqual([file]);
});

test('restores the cached files with their modes', async () => {
  const store = new Memory();
  const first = folderWith({ 'home/.cache/tool': '#!/bin/sh' });
  fs.chmodSync(path.join(first, 'home/.cache/tool'), 0o755);
  expect(await saveCache(store, ['/root/.cache/**/*'], first)).toEqual(['cache: saved 1 files, 0.0 MB']);
  const second = folderWith({ 'home/.npmrc': '' });
  expect(await restoreCache(store, second)).toBe('cache: restored 1 files, 0.0 MB');
  expect(fs.statSync(path.join(second, 'home/.cache/tool')).mode % 0o1000).toBe(0o755);
});

test('has a note without a cache', async () => {
  expect(await restoreCache(new Memory(), folderWith())).toBe('cache: nothing to restore');
});

test('has a note without files to cache', async () => {
  expect((await save({}, '/root/.m2/**/*')).notes).toEqual(['cache: no files to save']);
});

test('has a note for an unsupported path', async () => {
  expect((await save({}, '/opt/tool/**/*')).notes[0]).toMatch(/^the cache path \/opt\/tool\/\*\*\/\* is ignored/);
});

test('has a note for a denied cache, and does not fail', async () => {
  expect(await restoreCache(denied, folderWith())).toBe('cache: not restored: no');
  expect(await saveCache(denied, ['a'], folderWith({ 'src/a': '' }))).toEqual(['cache: not saved: no']);
});
