/**
 * The architecture as a table. `npm run check` holds every import against it, and ARCHITECTURE.md draws the graph
 * from what was really found. To allow a new arrow, change the table here and say why in a decision record.
 */

const below = [
  'core',
  'storage',
  'swap',
  'git',
  'wiki',
  'db',
  'mail',
  'render',
  'plugin',
  'auth',
  'tenant',
  'draft',
  'net',
];
const services = ['projection', 'import', 'export', 'backup', 'remote', 'http', 'mcp', 'git-http'];
const fronts = [
  'auth',
  'tenant',
  'draft',
  'wiki',
  'git',
  'import',
  'export',
  'projection',
  'plugin',
  'remote',
  'render',
  'core',
];
const operators = ['wiki', 'git', 'render', 'db', 'swap', 'storage', 'mail', 'net', 'core'];
const roots = [
  'lazy',
  'client',
  'http',
  'mcp',
  'git-http',
  'remote',
  'projection',
  'import',
  'export',
  'backup',
  'core',
];

/** Who may import whom; types and values alike. */
const mayImport = {
  handler: roots,
  cli: [...roots, 'net'],
  lazy: [...below, ...services],
  http: fronts,
  mcp: [...fronts, 'http'],
  'git-http': [...fronts, 'http', 'net'],
  client: [],
  import: operators,
  export: operators,
  backup: ['auth', ...operators],
  projection: operators,
  remote: operators,
  plugin: operators,
  auth: ['db', 'swap', 'storage', 'core'],
  tenant: ['db', 'swap', 'storage', 'core'],
  draft: ['swap', 'storage', 'core'],
  wiki: ['git', 'core'],
  git: ['swap', 'storage', 'core'],
  db: ['swap', 'storage', 'core'],
  swap: ['storage', 'core'],
  storage: ['core'],
  render: ['core'],
  mail: ['core'],
  net: ['core'],
  core: [],
};

/** The one home of each package: replacing a vendor is then the work of one folder. */
const homes = {
  '@aws-sdk/client-cloudfront': 'projection',
  '@aws-sdk/client-lambda': 'cli',
  '@aws-sdk/client-sesv2': 'mail',
  '@aws-sdk/credential-provider-node': 'storage',
  '@modelcontextprotocol/server': 'mcp',
  'aws-lambda': 'handler',
  'better-sqlite3': 'db',
  kysely: 'db',
  diff: 'wiki',
  'highlight.js': 'render',
  'ipaddr.js': 'net',
  marked: 'render',
  nodemailer: 'mail',
  'sanitize-html': 'render',
  temml: 'render',
  'node-diff3': 'wiki',
  jose: 'auth',
  mrmime: 'wiki',
  pg: 'db',
  htmlparser2: 'import',
  yauzl: 'import',
  yaml: 'wiki',
};

const anyOf = names => `(${names.join('|')})`;

const layers = Object.entries(mayImport).map(([module, allowed]) => ({
  name: `${module}-imports`,
  comment: `${module} may import ${allowed.join(', ') || 'nothing'}.`,
  severity: 'error',
  from: { path: `^src/${module}/` },
  to: { path: '^src/', pathNot: `^src/${anyOf([module, ...allowed])}/` },
}));

const vendors = Object.entries(homes).map(([name, home]) => ({
  name: `${name}-at-home`,
  comment: `${name} is imported by ${home} only.`,
  severity: 'error',
  from: { path: '^src/', pathNot: `^src/${home}/` },
  to: { path: `^node_modules/(@types/)?${name}/` },
}));

module.exports = {
  forbidden: [
    ...layers,
    ...vendors,
    {
      name: 'known-module',
      comment: 'A folder of src is a module of the table above.',
      severity: 'error',
      from: { path: '^src/', pathNot: `^src/${anyOf(Object.keys(mayImport))}/` },
      to: {},
    },
    {
      name: 'known-package',
      comment: 'A package has a home in the table above.',
      severity: 'error',
      from: { path: '^src/' },
      to: { path: '^node_modules/', pathNot: `^node_modules/(@types/)?${anyOf(Object.keys(homes))}/` },
    },
    {
      name: 'no-cycles',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'lazy-values-by-import-call',
      comment: 'The composition root loads nothing before a request needs it: values come through import().',
      severity: 'error',
      from: { path: '^src/lazy/' },
      to: {
        path: '^(src|node_modules)/',
        pathNot: '^src/(lazy|core)/',
        dynamic: false,
        dependencyTypesNot: ['type-only'],
      },
    },
    {
      name: 'lazy-is-for-roots',
      comment: 'Only handlers, the CLI, tests and benchmarks import the composition root.',
      severity: 'error',
      from: { pathNot: '^(src/(handler|cli|lazy)|test|bench)/' },
      to: { path: '^src/lazy/' },
    },
    {
      name: 'migrations-stand-alone',
      comment: 'A migration is immutable: it imports kysely and nothing of ours.',
      severity: 'error',
      from: { path: '^src/db/migrations/' },
      to: { pathNot: '^node_modules/kysely/' },
    },
    {
      name: 'http-builtin-is-a-trap',
      comment:
        'Importing node:http in an ES module loads undici: 22 ms. Use process.getBuiltinModule where it is needed.',
      severity: 'error',
      from: { path: '^src/' },
      to: {
        path: '^(node:)?(http|https|http2)$',
        dependencyTypes: ['import'],
        dependencyTypesNot: ['type-only'],
      },
    },
    {
      name: 'product-stands-alone',
      comment: 'The product imports neither tests, benchmarks nor scripts.',
      severity: 'error',
      from: { path: '^src/' },
      to: { path: '^(test|bench|scripts|infra)/' },
    },
    {
      name: 'no-dev-dependencies',
      severity: 'error',
      from: { path: '^src/' },
      to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'], dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'resolvable',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(dist|data|coverage|\\.cache)/' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    detectProcessBuiltinModuleCalls: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
    },
  },
};
