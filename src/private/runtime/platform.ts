/**
 * Runtimes on Amazon Linux 2, whose C library is glibc 2.26.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html
 */
const AMAZON_LINUX_2 = /^(python3\.(8|9|10|11)|nodejs18\.x|java(8\.al2|11|17)|ruby3\.2|dotnet6|provided\.al2)$/;

/** Returns true for Amazon Linux 2. All other runtimes are on Amazon Linux 2023, with glibc 2.34. */
export function isAmazonLinux2(runtime: string): boolean {
  return AMAZON_LINUX_2.test(runtime);
}

/** Returns uv's name for the platform of the runtime. uv has no name for glibc 2.26, and 2.17 is the next lower one. */
export function pythonPlatform(runtime: string, architecture: string): string {
  const machine = architecture === 'arm64' ? 'aarch64' : 'x86_64';
  return `${machine}-${isAmazonLinux2(runtime) ? 'manylinux2014' : 'manylinux_2_34'}`;
}
