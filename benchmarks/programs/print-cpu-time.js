/* Preloaded: prints the milliseconds of processor time that the whole process took, start of Node included. */
process.on('exit', () => {
  const { user, system } = process.cpuUsage();
  console.log((user + system) / 1000);
});
