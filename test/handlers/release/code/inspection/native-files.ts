import { gunzipSync } from 'node:zlib';
import { numbers } from '../zip/crafted-zip';

/**
 * A real library for x86_64 that needs GLIBC_2.34: `gcc -shared -fPIC -Os -s -nostartfiles -Wl,-z,noseparate-code
 * -Wl,--build-id=none -o libnative.so native.c -lc` (gcc 12.2, Debian 12) from
 * `#include <pthread.h>`,
 * `static void *run(void *value) { return value; }`,
 * `int start(void) { pthread_t thread; return pthread_create(&thread, 0, run, 0); }`
 */
export const COMPILED = gunzipSync(
  Buffer.from(
    'H4sIAAAAAAACA+1YzU8TURCf3WLZCGkbA9iIwIaU+AGutKAhYhQBoSoH4KSnZtuubpN+kO2igCSSYIweSDAxxj+EAwdvePHMxYMH' +
      'LyaYmOhF4on1bXem7L50xYN62l+y79d582bezOxsk/ee3JyZEgUBCCG4BocSwBjydsw9NwJhNkYhUlt7DPwxGfIyoB/bLmz7jaD/' +
      'bi/PCl4mO/EIu0HByxKaz342802Mt0RH5jkBXm5CnmN2YfhzUJnmcT+/ONOClylNER+qj53Bmku3e0uN/W7/ZvacaDAv1OYleIX5' +
      'dpOiaqqGCQumbmhqPpNjo6lBsZDNKdWKchmmZ26NT2RSytCwE4FQ9ydAhyvfrZevw7ZeJr/yYTzufrIurXSxsW+VjdGeMfbLlnVb' +
      '9eWTZVnpFz930utf48n36Y32b2wiuZ/eWE1Ie7u2cv1dfIf56wyNyrVeBXjLpouMPzK+ytj2Mcu4jeJcmQdhKSZ0tjZLm4IT72n2' +
      'vGHr6B3H7X5hz3M2V6vLZES+F5HqaczY74npailFYlOR+O1oyyNpDa6fGj0/lOiFAAECBAgQIECAAAEC/FPQmaID+ceBVbF5ExX1' +
      'Mymed+gMt4364yj3I7e4zgKAZwsbez0eN3V9m+u8ZeMk8l1ceGA58YygbKFMcX9HeUD8P/Xa7m48/wz3n56YuCKfndSyBbUsJ1NK' +
      'Shm8kBzuz2vZZGoxeQ6nAJSqXjUNU82C8qC8qOhqVQclv1yuLpccNg1H81AzqoVK2SNkmM7QiqqyUDRBMbUlNmp65r6hlrSMnjcO' +
      'pZovtVTIMfuK6azPVUolrWz+nXrY73ufvQMqP/UNccLbPvV7BEI7+hC5viJOu/pIcNlT/3ShTuT6lLjfp98JfdhTZEZ9NMD1u+jD' +
      'KexRkqlPiWWf+Ak38I5knOt74rhrv9YG+U957jgAFkQvyz73KsR3OPtN0cu9R9RvDucof7/7IODugwgZzv6D6OUit56vXwFjD3Hf' +
      'J90X0f1ViLOn/A3cn/+f2os2rp/E8WO0H+TX4QZnfOrn5lCD7+oi2j89ov6/ADbAGTd4FAAA',
    'base64',
  ),
);

/** The machines in the headers of ELF files. */
export const MACHINES = { x86: 3, arm: 40, x86_64: 62, arm64: 183 };

/** The same library with the header of another machine. */
export function compiledFor(machine: number): Buffer {
  const bytes = Buffer.from(COMPILED);
  bytes.writeUInt16LE(machine, 18);
  return bytes;
}

/** What an ELF file is to need. */
export interface NativeNeeds {
  readonly machine?: number;
  readonly executable?: boolean;
  readonly interpreter?: string;
  readonly needed?: readonly string[];
  readonly versions?: readonly string[];
  readonly weakVersions?: readonly string[];
}

const ADDRESS = 0x10000;

/** Writes an ELF file with tables as a linker writes them, and no code. */
export function nativeFile({ machine = MACHINES.x86_64, executable = false, ...needs }: NativeNeeds = {}): Buffer {
  const { interpreter = '', needed = ['libc.so.6'], versions = [], weakVersions = [] } = needs;
  const strings = ['', ...needed, ...versions, ...weakVersions];
  const offsets = strings.map((_, index) => strings.slice(0, index).join('\0').length + (index > 0 ? 1 : 0));
  const offsetOf = (text: string) => offsets[strings.indexOf(text)];
  const text = Buffer.from(`${strings.join('\0')}\0`);
  const all = [...versions.map((name) => ({ name, flags: 0 })), ...weakVersions.map((name) => ({ name, flags: 2 }))];
  const records = all.map(({ name, flags }, index) =>
    numbers([0, 4], [flags, 2], [2, 2], [offsetOf(name), 4], [index < all.length - 1 ? 16 : 0, 4]),
  );
  const library = numbers([1, 2], [all.length, 2], [offsetOf('libc.so.6') ?? 0, 4], [16, 4], [0, 4]);
  const segments = interpreter ? 3 : 2;
  const textStart = 64 + segments * 56;
  const versionStart = textStart + text.length;
  const dynamicStart = versionStart + library.length + records.length * 16;
  const dynamic = numbers(
    ...needed.flatMap(
      (name) =>
        [
          [1, 8],
          [offsetOf(name), 8],
        ] as const,
    ),
    [5, 8],
    [ADDRESS + textStart, 8],
    [10, 8],
    [text.length, 8],
    ...(all.length > 0
      ? ([
          [0x6ffffffe, 8],
          [ADDRESS + versionStart, 8],
          [0x6fffffff, 8],
          [1, 8],
        ] as const)
      : []),
    [0, 8],
    [0, 8],
  );
  const interpreterStart = dynamicStart + dynamic.length;
  const size = interpreterStart + interpreter.length;
  return Buffer.concat([
    Buffer.from('7f454c460201010000000000000000000000', 'hex').subarray(0, 16),
    numbers([executable ? 2 : 3, 2], [machine, 2], [1, 4], [0, 8], [64, 8], [0, 8], [0, 4], [64, 2], [56, 2]),
    numbers([segments, 2], [0, 2], [0, 2], [0, 2]),
    segment(1, 0, size),
    segment(2, dynamicStart, dynamic.length),
    ...(interpreter ? [segment(3, interpreterStart, interpreter.length)] : []),
    text,
    library,
    ...records,
    dynamic,
    Buffer.from(interpreter),
  ]);
}

function segment(type: number, offset: number, size: number): Buffer {
  const address = ADDRESS + offset;
  return numbers([type, 4], [5, 4], [offset, 8], [address, 8], [address, 8], [size, 8], [size, 8], [1, 8]);
}
