import { PROJECTION_SETTINGS, type ProjectionSettingName } from '../src/core/projection-settings.ts';
import { PROJECTION_TEXTS } from '../src/core/projection-texts.ts';
import { SETTING_TEXTS } from '../src/core/setting-texts.ts';
import { SETTINGS, type SettingName } from '../src/core/settings.ts';
import type { ContextValue } from './context-value.ts';

/** Settings of the functions that can be chosen, by the names of their context values. */
const CHOSEN = {
  readAccess: 'readAccess',
  writeAccess: 'writeAccess',
  attachmentAccess: 'attachmentAccess',
  jwtIssuer: 'jwtIssuer',
  jwtAudience: 'jwtAudience',
  jwtKeysUrl: 'jwtKeysUrl',
  jwtAlgorithms: 'jwtAlgorithms',
  jwtGroupsClaim: 'jwtGroupsClaim',
  authHeaderName: 'authHeaderName',
  authHeaderEmail: 'authHeaderEmail',
  authHeaderRoles: 'authHeaderRoles',
  rolesRead: 'rolesRead',
  rolesWrite: 'rolesWrite',
  rolesUpload: 'rolesUpload',
  rolesAdmin: 'rolesAdmin',
  tokenStaleness: 'tokenStalenessMs',
  rateLimitReads: 'rateLimitReads',
  rateLimitWrites: 'rateLimitWrites',
  maxPages: 'maxPages',
  maxWikiSize: 'maxWikiBytes',
  draftDays: 'draftDays',
  auditDays: 'auditDays',
  schema: 'schema',
  tenants: 'tenants',
  tenantGraceDays: 'tenantGraceDays',
  siteAudience: 'siteAudience',
  siteUrl: 'siteUrl',
  siteName: 'siteName',
  siteDescription: 'siteDescription',
  siteLang: 'siteLang',
  robotsTxt: 'robotsTxt',
  rendererHtmlAllowlist: 'renderHtmlAllowlist',
  openLinksInNewTab: 'openLinksInNewTab',
  renderTimeout: 'renderTimeoutMs',
  maxRender: 'maxRenderBytes',
  apiUrl: 'apiUrl',
  mail: 'mail',
  mailSender: 'mailSender',
  mailServer: 'mailServer',
  mailPort: 'mailPort',
  mailUsername: 'mailUsername',
  mailUseTls: 'mailUseTls',
  mailUseSsl: 'mailUseSsl',
  adminEmail: 'adminEmail',
  notifyAdminsOnRegister: 'notifyAdminsOnRegister',
  notifyUserOnApproval: 'notifyUserOnApproval',
  webhookAllow: 'webhookAllow',
  remoteAllow: 'remoteAllow',
  remoteMax: 'maxRemoteBytes',
  gitServer: 'gitServer',
  gitRefs: 'gitRefs',
  gitMaxPush: 'gitMaxPushBytes',
  mcp: 'mcp',
  mcpOrigins: 'mcpOrigins',
  importMax: 'maxImportBytes',
  importRows: 'maxImportRows',
  importStarts: 'importStartsPerHour',
  importRetention: 'importRetentionDays',
  importHours: 'importTimeoutHours',
} as const satisfies Record<string, SettingName | ProjectionSettingName>;

const ROWS = { ...SETTINGS, ...PROJECTION_SETTINGS };
const TEXTS = { ...SETTING_TEXTS, ...PROJECTION_TEXTS };

export type ChosenName = keyof typeof CHOSEN;

/** What was chosen, as it was typed. */
export type ChosenSettings = Readonly<Record<ChosenName, string>>;

/** A row of the context for each of them: its default and its meaning are those of the setting. */
export const CHOSEN_SETTINGS = Object.fromEntries(
  Object.entries(CHOSEN).map(([name, setting]) => [name, rowOf(setting)]),
) as Record<ChosenName, ContextValue<string>>;

function rowOf(name: keyof typeof ROWS): ContextValue<string> {
  const { default: text, parse, wanted } = ROWS[name];
  const isRight = (given: string) => parse(given) !== undefined;
  return {
    default: text,
    meaning: TEXTS[name].description,
    parse: given => (isRight(given) ? given : undefined),
    wanted,
  };
}

/** The variables of those that differ from their defaults, all or some. */
export function settingVariables(
  context: ChosenSettings,
  names: readonly ChosenName[] = Object.keys(CHOSEN) as ChosenName[],
): Record<string, string> {
  const changed = names.filter(name => context[name] !== ROWS[CHOSEN[name]].default);
  return Object.fromEntries(changed.map(name => [ROWS[CHOSEN[name]].variables[0], context[name]]));
}
