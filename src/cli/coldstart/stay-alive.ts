/**
 * Keeps this process alive while something outside must be put right before it ends: output that nobody reads any more is no
 * error, and a terminal that is closed stops it as SIGTERM does. @returns what ends this
 */
export function stayAlive(): () => void {
  const ignore = () => undefined;
  const stop = () => process.kill(process.pid, 'SIGTERM');
  const streams = [process.stdout, process.stderr];
  for (const stream of streams) stream.on('error', ignore);
  process.on('SIGHUP', stop);
  return () => {
    process.off('SIGHUP', stop);
    for (const stream of streams) stream.off('error', ignore);
  };
}
