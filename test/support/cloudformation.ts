/** A synthesised template, as far as tests read it. */
export interface Template {
  Resources: Readonly<Record<string, TemplateResource>>;
  Outputs?: Readonly<Record<string, { Value: unknown }>>;
}

export interface TemplateResource {
  Type: string;
  Properties?: Readonly<Record<string, unknown>>;
  DependsOn?: string | readonly string[];
  DeletionPolicy?: string;
  Metadata?: Readonly<Record<string, unknown>>;
}

/** What CloudFormation would know of a deployed stack. */
export interface DeployedNames {
  region: string;
  account: string;
  stackName: string;
  /** Stands in the id of the stack. */
  stackUuid: string;
  /** What `Ref` gives for a resource, by logical id. Default: its name where the template has one, otherwise its logical id. */
  physical?: Readonly<Record<string, string>>;
  /** What dynamic references to secrets give: the whole reference to its value. Default: they stay as they are. */
  secret?: (reference: string) => string;
}

export const DEPLOYED: DeployedNames = {
  region: 'eu-central-1',
  account: '111122223333',
  stackName: 'Kittiwake',
  stackUuid: '466df9e0-0dff-08e3-8e2f-5088487c4896',
};

/** Computes values of a template as CloudFormation would after a deployment under these names. */
export function resolver(template: Template, names: DeployedNames = DEPLOYED): (value: unknown) => unknown {
  const values = new Resolver(template, names);
  return value => values.resolve(value);
}

class Resolver {
  readonly #template: Template;
  readonly #names: DeployedNames;

  constructor(template: Template, names: DeployedNames) {
    this.#template = template;
    this.#names = names;
  }

  resolve(value: unknown): unknown {
    if (typeof value === 'string') return this.#withSecrets(value);
    if (Array.isArray(value)) return value.map(each => this.resolve(each));
    if (typeof value !== 'object' || value === null) return value;
    const entries = Object.entries(value);
    const [[name = '', inner] = []] = entries;
    if (entries.length === 1 && (name === 'Ref' || name.startsWith('Fn::'))) {
      const computed = this.#compute(name, inner);
      return typeof computed === 'string' ? this.#withSecrets(computed) : computed;
    }
    return Object.fromEntries(entries.map(([key, each]) => [key, this.resolve(each)]));
  }

  #compute(name: string, inner: unknown): unknown {
    if (name === 'Ref') return this.#refTo(String(inner));
    if (name === 'Fn::Sub') {
      return String(inner).replace(/\$\{([\w:]+)\}/g, (_, id: string) => this.#refTo(id));
    }
    const [first, second] = inner as [unknown, unknown];
    if (name === 'Fn::GetAtt') return this.#attributeOf(String(first), String(second));
    const of = this.resolve(second);
    if (name === 'Fn::Join') return (of as unknown[]).join(String(first));
    if (name === 'Fn::Split') return String(of).split(String(first));
    if (name === 'Fn::Select') return (of as unknown[])[Number(first)];
    throw new Error(`${name} is not known here`);
  }

  #withSecrets(text: string): string {
    const { secret } = this.#names;
    return secret === undefined ? text : text.replace(/\{\{resolve:.*?\}\}/g, secret);
  }

  #refTo(id: string): string {
    return pseudoParameters(this.#names)[id] ?? this.#physicalName(id);
  }

  #physicalName(id: string): string {
    const given = this.#names.physical?.[id];
    if (given !== undefined) return given;
    const { Type, Properties = {} } = resourceOf(this.#template, id);
    const named = NAMES[Type];
    const name = named === undefined ? undefined : Properties[named];
    return name === undefined ? id : String(this.resolve(name));
  }

  #attributeOf(id: string, attribute: string): string {
    const { Type } = resourceOf(this.#template, id);
    const make = ATTRIBUTES[`${Type}.${attribute}`];
    return make === undefined ? `${id}.${attribute}` : make(this.#physicalName(id), this.#names);
  }
}

function resourceOf(template: Template, id: string): TemplateResource {
  const resource = template.Resources[id];
  if (resource === undefined) throw new Error(`the template has no "${id}"`);
  return resource;
}

/** Properties that name a resource. */
const NAMES: Readonly<Record<string, string>> = { 'AWS::S3::Bucket': 'BucketName' };

function pseudoParameters(names: DeployedNames): Record<string, string> {
  const { region, account, stackName, stackUuid } = names;
  return {
    'AWS::Region': region,
    'AWS::AccountId': account,
    'AWS::Partition': 'aws',
    'AWS::URLSuffix': 'amazonaws.com',
    'AWS::StackName': stackName,
    'AWS::StackId': `arn:aws:cloudformation:${region}:${account}:stack/${stackName}/${stackUuid}`,
  };
}

type Attribute = (name: string, names: DeployedNames) => string;

const ATTRIBUTES: Readonly<Record<string, Attribute>> = {
  'AWS::S3::Bucket.Arn': name => `arn:aws:s3:::${name}`,
  'AWS::SQS::Queue.Arn': (name, { region, account }) => `arn:aws:sqs:${region}:${account}:${name}`,
  'AWS::Lambda::Function.Arn': (name, { region, account }) =>
    `arn:aws:lambda:${region}:${account}:function:${name}`,
  'AWS::IAM::Role.Arn': (name, { account }) => `arn:aws:iam::${account}:role/${name}`,
  'AWS::Logs::LogGroup.Arn': (name, { region, account }) =>
    `arn:aws:logs:${region}:${account}:log-group:${name}:*`,
  'AWS::Lambda::Url.FunctionUrl': (name, { region }) =>
    `https://${name.toLowerCase()}.lambda-url.${region}.on.aws/`,
};
