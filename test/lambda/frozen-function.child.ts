import { FunctionEnvironment } from '../support/lambda/function-environment.ts';

/** Invokes the function in the folder given, prints the id of its process, which is then frozen, and is killed. */
const taskRoot = process.argv[2] ?? '';
const environment = new FunctionEnvironment({ taskRoot, handler: 'index.handler' });
const { payload } = await environment.invoke({});
process.stdout.write(payload, () => process.kill(process.pid, 'SIGKILL'));
setInterval(() => {}, 1000);
