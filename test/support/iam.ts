import { type DeployedNames, resolver, type Template } from './cloudformation.ts';

/** A statement of a policy without tokens. */
export interface Statement {
  sid: string | undefined;
  effect: 'Allow' | 'Deny';
  actions: readonly string[];
  resources: readonly string[];
  conditions: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/** One thing that somebody wants to do. */
export interface Access {
  action: string;
  /** An ARN. */
  resource: string;
  /** Keys that conditions ask for; one that is not there is null. */
  context?: Readonly<Record<string, string>>;
}

/** What the role of a function says, in its own policies and in those attached to it. */
export function functionStatements(
  template: Template,
  functionId: string,
  names?: DeployedNames,
): Statement[] {
  const resolve = resolver(template, names);
  const target = template.Resources[functionId];
  const { Role } = (target?.Properties ?? {}) as { Role?: { 'Fn::GetAtt': string[] } };
  const roleId = Role?.['Fn::GetAtt'][0] ?? '';
  const role = template.Resources[roleId]?.Properties ?? {};
  if (role.ManagedPolicyArns !== undefined) throw new Error(`the role "${roleId}" has managed policies`);
  const attached = Object.values(template.Resources).filter(
    ({ Type, Properties }) =>
      /^AWS::IAM::(Managed)?Policy$/.test(Type) &&
      ((Properties?.Roles ?? []) as { Ref: string }[]).some(({ Ref }) => Ref === roleId),
  );
  const own = (role.Policies ?? []) as { PolicyDocument: unknown }[];
  const documents = [...own, ...attached.map(({ Properties }) => Properties ?? {})];
  return documents.flatMap(({ PolicyDocument }) => statementsIn(resolve(PolicyDocument)));
}

/** What the policy of the bucket says, of those statements that are about everybody or about nobody named. */
export function bucketStatements(template: Template, names?: DeployedNames): Statement[] {
  const resolve = resolver(template, names);
  const policies = Object.values(template.Resources).filter(({ Type }) => Type === 'AWS::S3::BucketPolicy');
  return policies.flatMap(({ Properties }) => statementsIn(resolve(Properties?.PolicyDocument)));
}

function statementsIn(document: unknown): Statement[] {
  return (document as { Statement: Record<string, unknown>[] }).Statement.map(each => ({
    sid: each.Sid as string | undefined,
    effect: each.Effect as 'Allow' | 'Deny',
    actions: [each.Action].flat() as string[],
    resources: [each.Resource].flat() as string[],
    conditions: (each.Condition ?? {}) as Statement['conditions'],
  }));
}

/** True when a statement allows it and none denies it. */
export function isAllowed(statements: readonly Statement[], access: Access): boolean {
  const fitting = statements.filter(statement => fits(statement, access));
  return fitting.some(({ effect }) => effect === 'Allow') && !isDenied(statements, access);
}

export function isDenied(statements: readonly Statement[], access: Access): boolean {
  return statements.some(statement => statement.effect === 'Deny' && fits(statement, access));
}

function fits(
  { actions, resources, conditions }: Statement,
  { action, resource, context = {} }: Access,
): boolean {
  const isMeant =
    actions.some(pattern => matches(pattern.toLowerCase(), action.toLowerCase())) &&
    resources.some(pattern => matches(pattern, resource));
  return isMeant && Object.entries(conditions).every(([operator, rows]) => holds(operator, rows, context));
}

/** `*` stands for any text, `?` for one character. */
function matches(pattern: string, text: string): boolean {
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${source}$`, 's').test(text);
}

/** Every row of an operator must hold. A key that is not there fits none but `Null`. */
function holds(
  operator: string,
  rows: Readonly<Record<string, unknown>>,
  context: NonNullable<Access['context']>,
): boolean {
  return Object.entries(rows).every(([key, wanted]) => {
    const value = context[key];
    if (operator === 'Null') return String(wanted) === String(value === undefined);
    if (value === undefined) return false;
    if (operator === 'Bool') return String(wanted) === value;
    if (operator === 'NumericLessThan') return Number(value) < Number(wanted);
    if (operator === 'StringEquals' || operator === 'ArnEquals') return [wanted].flat().includes(value);
    throw new Error(`the condition operator "${operator}" is not known here`);
  });
}
