/*
 * The last command of a recipe: it writes `<ProjectName>.zip` from $PACKAGE_DIRECTORY with the same bytes for the same files (sorted, one
 * fixed time, modes but no owner, no extra fields), because Lambda knows an unchanged package by its hash. Both are written for
 * `-c '…'` and `-e '…'`: they hold no single quote. Nothing but the language that the build has anyway is needed.
 */

/** Packs with Python. */
export const PACK_PYTHON = `python3 -c '
import os, zipfile
package, name = os.environ["PACKAGE_DIRECTORY"], os.environ["ProjectName"] + ".zip"
paths = sorted(os.path.relpath(os.path.join(folder, file), package) for folder, _, files in os.walk(package) for file in files)
if not paths:
    raise SystemExit("the package is empty: is sourceDirectory the directory of the function?")
with zipfile.ZipFile(name, "w", zipfile.ZIP_DEFLATED) as archive:
    for path in paths:
        source = os.path.join(package, path)
        entry = zipfile.ZipInfo(path.replace(os.sep, "/"), (1980, 1, 1, 0, 0, 0))
        entry.create_system = 3
        entry.external_attr = (0o100755 if os.access(source, os.X_OK) else 0o100644) << 16
        entry.compress_type = zipfile.ZIP_DEFLATED
        with open(source, "rb") as content:
            archive.writestr(entry, content.read())
print(name, "holds", len(paths), "files")
'`;

/** Packs with Node. */
export const PACK_NODE = `node -e '
const fs = require("fs"), path = require("path"), zlib = require("zlib");
const root = process.env.PACKAGE_DIRECTORY, name = process.env.ProjectName + ".zip";
const walk = (folder) => fs.readdirSync(folder, { withFileTypes: true }).flatMap((entry) =>
  entry.isDirectory() ? walk(path.join(folder, entry.name)) : [path.relative(root, path.join(folder, entry.name))]);
const table = Array.from({ length: 256 }, (_, n) => { for (let k = 0; k < 8; k++) n = n & 1 ? 0xedb88320 ^ (n >>> 1) : n >>> 1; return n >>> 0; });
const crc32 = (data) => { let c = 0xffffffff; for (const byte of data) c = table[(c ^ byte) & 255] ^ (c >>> 8); return (c ^ 0xffffffff) >>> 0; };
const files = walk(root).sort((a, b) => (a < b ? -1 : 1)), locals = [], directory = [];
if (files.length === 0) throw new Error("the package is empty: is sourceDirectory the directory of the function?");
let offset = 0;
for (const file of files) {
  const data = fs.readFileSync(path.join(root, file)), packed = zlib.deflateRawSync(data, { level: 9 }), title = Buffer.from(file);
  const mode = fs.statSync(path.join(root, file)).mode & 0o111 ? 0o100755 : 0o100644, fields = Buffer.alloc(26);
  fields.writeUInt16LE(20, 0); fields.writeUInt16LE(0x800, 2); fields.writeUInt16LE(8, 4); fields.writeUInt16LE(0, 6); fields.writeUInt16LE(33, 8);
  fields.writeUInt32LE(crc32(data), 10); fields.writeUInt32LE(packed.length, 14); fields.writeUInt32LE(data.length, 18); fields.writeUInt16LE(title.length, 22);
  const rest = Buffer.alloc(14);
  rest.writeUInt32LE(mode * 65536, 6); rest.writeUInt32LE(offset, 10);
  locals.push(Buffer.from("504b0304", "hex"), fields, title, packed);
  directory.push(Buffer.from("504b01021403", "hex"), fields, rest, title);
  offset += 30 + title.length + packed.length;
}
const size = directory.reduce((sum, part) => sum + part.length, 0), end = Buffer.alloc(22);
end.writeUInt32LE(0x06054b50, 0); end.writeUInt16LE(files.length, 8); end.writeUInt16LE(files.length, 10); end.writeUInt32LE(size, 12); end.writeUInt32LE(offset, 16);
fs.writeFileSync(name, Buffer.concat([...locals, ...directory, end]));
console.log(name, "holds", files.length, "files");
'`;
