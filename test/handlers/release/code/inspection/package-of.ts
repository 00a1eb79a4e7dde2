import { inspectPackage } from '../../../../../src/handlers/release/code/inspection/inspect-package';
import { PackageFiles } from '../../../../../src/handlers/release/code/inspection/package-files';
import { TargetConfiguration, targetOf } from '../../../../../src/handlers/release/code/inspection/target';
import { writeZip, ZipFile } from '../../../../../src/handlers/release/code/zip/zip-writer';
import { openZip } from '../../fixtures';

/** The files of a package: texts, bytes, or files with a mode. */
export type Contents = Readonly<Record<string, string | Buffer | Omit<ZipFile, 'name'>>>;

/** The result of a look into a package: its notes, or the reason for which it is refused. */
export async function inspect(contents: Contents, configuration: TargetConfiguration): Promise<string[] | string> {
  const archive = await openZip(writeZip(Object.entries(contents).map(([name, content]) => fileOf(name, content))));
  try {
    return await inspectPackage(new PackageFiles(archive, archive.entries), targetOf(configuration));
  } catch (error) {
    return (error as Error).message;
  }
}

function fileOf(name: string, content: Contents[string]): ZipFile {
  return typeof content === 'string' || Buffer.isBuffer(content)
    ? { name, mode: 0o100644, content: Buffer.from(content) }
    : { name, ...content };
}
