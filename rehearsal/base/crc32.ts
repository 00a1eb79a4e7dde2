/* eslint-disable no-bitwise */
const TABLE = Array.from({ length: 256 }, (_, value) => {
  let rest = value;
  for (let bit = 0; bit < 8; bit++) {
    rest = rest & 1 ? (rest >>> 1) ^ 0xedb88320 : rest >>> 1;
  }
  return rest >>> 0;
});

/** The checksum of a file in a zip. Node.js has one of its own only from 20.15 on. */
export function crc32(content: Buffer): number {
  let rest = 0xffffffff;
  for (const byte of content) {
    rest = (rest >>> 8) ^ TABLE[(rest ^ byte) & 0xff];
  }
  return (rest ^ 0xffffffff) >>> 0;
}
