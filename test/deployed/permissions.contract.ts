import { expect, test } from 'vitest';
import {
  type Access,
  bucketStatements,
  functionStatements,
  isAllowed,
  isDenied,
  type Statement,
} from '../support/iam.ts';
import { accessOf } from '../support/s3-permissions.ts';
import { type Deployment, deployments } from './support/deployment.ts';
import { FUNCTION_NAMES, type FunctionName } from './support/functions.ts';
import type { RecordedRequest } from './support/network.ts';
import { UNUSED } from './unused-permissions.ts';

/** What these functions sent in the tests before, held against the policies of the template. */
export function permissionContract(sending: readonly FunctionName[] = FUNCTION_NAMES): void {
  test.each(sending)('every request of the function %s is allowed, and it has sent some', name => {
    const refused = deployments.flatMap(deployment => {
      const [role, bucket] = statementsOf(deployment, name);
      return requestsOf(deployment, name).flatMap(request =>
        accessesOf(request)
          .filter(access => !isAllowed(role, access) || isDenied(bucket, access))
          .map(({ action, resource }) => `${request.operation} needs ${action} on ${resource}`),
      );
    });
    expect(refused).toEqual([]);
    expect(deployments.flatMap(deployment => requestsOf(deployment, name)).length).toBeGreaterThan(0);
  });

  test('nobody but the projection function deletes, but for drafts, imports and their files', () => {
    const deleted = deployments.flatMap(deployment =>
      FUNCTION_NAMES.filter(name => name !== 'project')
        .flatMap(name => requestsOf(deployment, name))
        .filter(({ operation }) => /^Delete/.test(operation))
        .flatMap(request => [request.key, ...request.deleted].filter(key => key !== '')),
    );
    expect(deleted.filter(key => !/^(drafts|jobs|job-files|wakes)\//.test(key))).toEqual([]);
  });

  test('the bucket would refuse each write of a ledger that said not what it replaces', () => {
    const writes = deployments.flatMap(deployment => {
      const [, bucket] = statementsOf(deployment, 'api');
      return requestsOf(deployment, 'api')
        .filter(({ operation, key }) => operation === 'PutObject' && key.startsWith('ledger/'))
        .map(request => ({ bucket, request }));
    });
    expect(writes.length).toBeGreaterThan(0);
    for (const { bucket, request } of writes) {
      const { 'if-match': _, 'if-none-match': __, ...headers } = request.headers;
      const accesses = accessOf({ ...request, headers });
      expect(accesses.map(access => isDenied(bucket, access))).toEqual([true]);
    }
  });
}

/** Where all tests have run that are in no `long` file. */
export function unusedPermissionContract(): void {
  test.each(FUNCTION_NAMES)(
    'the function %s may do nothing that it does not, but for what is listed',
    name => {
      const used = new Set<string>();
      const all = new Set<string>();
      // Those of many wikis are the same, and wider.
      for (const deployment of deployments.filter(({ kind }) => kind !== 'many')) {
        const accesses = requestsOf(deployment, name).flatMap(accessesOf);
        for (const [right, statement] of rightsOf(deployment, name)) {
          all.add(right);
          if (accesses.some(access => isAllowed([statement], access))) used.add(right);
        }
      }
      expect([...all].filter(right => !used.has(right)).sort()).toEqual(Object.keys(UNUSED[name]).sort());
    },
  );
}

function statementsOf(
  { stack, names, functions }: Deployment,
  name: FunctionName,
): [Statement[], Statement[]] {
  const { template } = stack;
  return [functionStatements(template, functions[name].logicalId, names), bucketStatements(template, names)];
}

/** Also of clients whom it gave a presigned URL: they have its rights. */
function requestsOf({ functions }: Deployment, name: FunctionName): readonly RecordedRequest[] {
  return functions[name].network.requests;
}

function accessesOf(request: RecordedRequest): Access[] {
  return accessOf(request, request.deleted);
}

/** Each action on each pattern of keys, as `s3:GetObject packs/*`. */
function rightsOf(deployment: Deployment, name: FunctionName): [right: string, of: Statement][] {
  const { bucket, uuid } = deployment;
  const [role] = statementsOf(deployment, name);
  const ours = role.filter(({ actions }) => actions.some(action => action.startsWith('s3:')));
  return ours.flatMap(statement =>
    statement.actions.flatMap(action =>
      statement.resources.map((resource): [string, Statement] => {
        const key = resource.replace(`arn:aws:s3:::${bucket}`, '').replace(`/${uuid}`, '').slice(1);
        return [`${action} ${key}`.trim(), { ...statement, actions: [action], resources: [resource] }];
      }),
    ),
  );
}
