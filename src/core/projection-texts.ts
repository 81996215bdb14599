import type { ProjectionSettingName } from './projection-settings.ts';
import type { SettingText } from './setting-text.ts';

/** Of each of `PROJECTION_SETTINGS`. */
export const PROJECTION_TEXTS: Readonly<Record<ProjectionSettingName, SettingText>> = {
  renderHtmlAllowlist: {
    description: 'HTML that pages may hold besides what they may anyway: tags, with attributes in brackets',
  },
  openLinksInNewTab: { description: 'Open links to other sites in a new tab' },
  renderTimeoutMs: { description: 'Milliseconds that rendering one page may take' },
  maxRenderBytes: { description: 'Largest page that is rendered' },
  site: { flag: '--site', placeholder: 'SWITCH', description: 'Publish the pages as a site: true or false' },
  siteAudience: {
    flag: '--site-audience',
    placeholder: 'WHO',
    description:
      'Whose rights the site shows, to everybody who reaches it: ANONYMOUS, REGISTERED, APPROVED or ADMIN',
  },
  siteUrl: {
    flag: '--site-url',
    placeholder: 'URL',
    description: 'Address of the site, for links in feeds, sitemap and mails',
  },
  siteName: { flag: '--site-name', placeholder: 'NAME', description: 'What the site is called' },
  siteDescription: { description: 'What the site is about' },
  siteLang: { description: 'Language of the site' },
  siteDistribution: { description: 'CloudFront distribution that is told of changed pages' },
  robotsTxt: { description: 'Whether search engines may read the site: allow or disallow' },
  apiUrl: {
    flag: '--url',
    placeholder: 'URL',
    description:
      'Address of this server, for links of mails and of the site, and for who gives tokens to MCP clients',
  },
  mail: { flag: '--mail', placeholder: 'HOW', description: 'How mails are sent: none, smtp or ses' },
  mailSender: { description: 'Sender of mails' },
  mailServer: { description: 'SMTP server' },
  mailPort: { description: 'Port of the SMTP server' },
  mailUsername: { description: 'User of the SMTP server. Not set: no login' },
  mailUseTls: { description: 'Demand STARTTLS of the SMTP server' },
  mailUseSsl: { description: 'Speak TLS with the SMTP server from the start' },
  adminEmail: { description: 'Gets what administrators are told, besides those who are users' },
  notifyAdminsOnRegister: { description: 'Tell administrators of new users' },
  notifyUserOnApproval: { description: 'Tell users that they were approved' },
  webhookAllow: { description: 'Private addresses that webhooks may be sent to' },
  maxImportBytes: { description: 'Largest source of an import' },
  importUrlAllow: {
    description: 'Private addresses that repositories may be fetched from by imports of the API',
  },
  maxImportRows: { description: 'Most rows of an import' },
  importBatchBytes: {
    description: 'Bytes of contents that each thread of an import stores, and goes on from, at once',
  },
  importChunkBytes: { description: 'Bytes of an upload that are kept when it breaks off behind them' },
  importWorkers: { description: 'Threads that each import has beside its own' },
  importJobs: { description: 'Imports that a server carries out at once' },
  importJobsPerWiki: { description: 'Imports of one wiki that are carried out at once' },
  importStartsPerHour: {
    description:
      'Imports of a wiki that may be started within an hour, half of them by one caller. 0: any number',
  },
  importRetentionDays: { description: 'Days that an import is listed after it has ended' },
  importProgressMs: {
    description:
      'Milliseconds between two looks of the command line at how far an import is; where there is no terminal a line is written a fifth as often',
  },
  importTimeoutHours: { description: 'Hours after which an import that has not ended is given up' },
  importWakes: {
    description:
      'Whether a function imports, which objects under `wakes/` wake: set by the deployment on AWS. A server looks for imports itself',
  },
  gitServer: { description: 'Whether git may clone the wiki and push to it; who, the rules say' },
  gitRefs: {
    description: 'Which refs git is shown and may push: `main` and the tags of its commits, or `all`',
  },
  gitMaxPushBytes: {
    description: 'Largest pack of a push by git itself; "kittiwake push" sends larger ones',
  },
  mcp: {
    description: 'Whether language models reach the wiki at /mcp; what they may do there, the rules say',
  },
  mcpOrigins: {
    description:
      'Origins that requests to /mcp may have, besides this machine and the address of this server: other names that it has',
  },
  remoteAllow: { description: 'Private addresses that remotes may be at' },
  maxRemoteBytes: { description: 'Largest pack that is pulled from a remote' },
  remoteCredentials: {
    description:
      'What remotes are shown: by name, with the URL that each is for. Remotes hold the names alone',
  },
  mailPassword: { description: 'Password of the SMTP server' },
  mailSecret: { description: 'Signs links in mails. Not set: mails hold no such links' },
};
