type Schema = Readonly<Record<string, unknown>>;

/**
 * What is wrong with `value`, by the part of JSON Schema that the OpenAPI document uses. Keys that a schema does not
 * name are wrong too: nothing is answered that is not documented.
 */
export function conforms(schema: Schema, value: unknown, at = '$'): string[] {
  if (Array.isArray(schema.allOf)) return conforms(merged(schema.allOf), value, at);
  if (Array.isArray(schema.anyOf)) {
    const problems = schema.anyOf.map((option: Schema) => conforms(option, value, at));
    return problems.find(found => found.length === 0) ?? problems.flat();
  }
  if ('const' in schema && value !== schema.const) return [`${at} is not ${schema.const}`];
  if (Array.isArray(schema.enum) && !schema.enum.includes(value)) return [`${at} is none of ${schema.enum}`];
  if (typeof schema.pattern === 'string' && !new RegExp(schema.pattern).test(String(value))) {
    return [`${at} does not match ${schema.pattern}`];
  }
  if (typeof schema.type !== 'string') return [];
  if (!hasType(schema.type, value)) return [`${at} is no ${schema.type}`];
  if (Array.isArray(value)) {
    const items = (schema.items ?? {}) as Schema;
    return value.flatMap((item, index) => conforms(items, item, `${at}[${index}]`));
  }
  if (schema.properties === undefined || typeof value !== 'object' || value === null) return [];
  return fields(schema, value as Record<string, unknown>, at);
}

function fields(schema: Schema, value: Record<string, unknown>, at: string): string[] {
  const properties = schema.properties as Record<string, Schema>;
  const required = (schema.required ?? []) as string[];
  const missing = required.filter(name => !(name in value)).map(name => `${at}.${name} is missing`);
  const wrong = Object.entries(value).flatMap(([name, part]) => {
    const known = properties[name];
    return known ? conforms(known, part, `${at}.${name}`) : [`${at}.${name} is not documented`];
  });
  return [...missing, ...wrong];
}

function hasType(type: string, value: unknown): boolean {
  switch (type) {
    case 'object':
      return typeof value === 'object' && value !== null && !Array.isArray(value);
    case 'array':
      return Array.isArray(value);
    case 'integer':
      return Number.isInteger(value);
    case 'null':
      return value === null;
    default:
      return typeof value === type;
  }
}

function merged(schemas: readonly Schema[]): Schema {
  return {
    type: 'object',
    required: schemas.flatMap(schema => (schema.required ?? []) as string[]),
    properties: Object.assign({}, ...schemas.map(schema => schema.properties)),
  };
}
