import * as fs from 'node:fs';
import * as path from 'node:path';
import { AwsError } from '../../../rehearsal/base/aws-error';
import { CacheStore, restoreCache, saveCache } from '../../../rehearsal/build/cache';
import { namesIn } from '../../support/zip';
import { folderWith } from '../support/run';

/** A cache in memory, which counts nothing and refuses nothing. */
class Memory implements CacheStore {
  kept?: Buffer;
  read = async () => this.kept;
  write = async (archive: Buffer) => {
    this.kept = archive;
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

async function keptOf(files: Record<string, string>, ...paths: string[]): Promise<{ names: string[]; told: string[] }> {
  const store = new Memory();
  const told = await saveCache(store, paths, folderWith({ 'home/.x': '', 'src/.x': '', ...files }));
  const zip = path.join(folderWith(), 'cache.zip');
  if (store.kept) {
    fs.writeFileSync(zip, store.kept);
  }
  return { names: store.kept ? namesIn(zip) : [], told };
}

test.each([
  ['/root/.cache/pip/**/*', 'home/.cache/pip/http/a'],
  ['/go/pkg/mod/**/*', 'home/go/pkg/mod/b/c.go'],
  ['/usr/local/share/.cache/yarn/**/*', 'home/.cache/yarn/d'],
  ['node_modules/**/*', 'src/node_modules/e/f.js'],
  ['target/', 'src/target/g.class'],
])('the path %s keeps %s', async (pattern, file) => {
  expect((await keptOf({ [file]: 'x', 'home/other': 'x', 'src/other': 'x' }, pattern)).names).toEqual([file]);
});

test('what is kept is put back, executable files too', async () => {
  const store = new Memory();
  const first = folderWith({ 'home/.cache/tool': '#!/bin/sh' });
  fs.chmodSync(path.join(first, 'home/.cache/tool'), 0o755);
  expect(await saveCache(store, ['/root/.cache/**/*'], first)).toEqual(['cache: saved 1 files, 0.0 MB']);
  const second = folderWith({ 'home/.npmrc': '' });
  expect(await restoreCache(store, second)).toBe('cache: restored 1 files, 0.0 MB');
  expect(fs.statSync(path.join(second, 'home/.cache/tool')).mode % 0o1000).toBe(0o755);
});

test('says that there is nothing to restore yet', async () => {
  expect(await restoreCache(new Memory(), folderWith())).toBe('cache: nothing to restore');
});

test('says that there is nothing to save', async () => {
  expect((await keptOf({}, '/root/.m2/**/*')).told).toEqual(['cache: no files to save']);
});

test('says which path it can not keep', async () => {
  expect((await keptOf({}, '/opt/tool/**/*')).told[0]).toMatch(/^the cache path \/opt\/tool\/\*\*\/\* is left out/);
});

test('a cache that may not be used is told of, and fails nothing', async () => {
  expect(await restoreCache(denied, folderWith())).toBe('cache: not restored: no');
  expect(await saveCache(denied, ['a'], folderWith({ 'src/a': '' }))).toEqual(['cache: not saved: no']);
});
