import { type ReadConfigInput, readRows, type ValueOf } from './config.ts';
import { PROJECTION_SETTINGS, type ProjectionSettingName } from './projection-settings.ts';

type SecretName = 'mailPassword' | 'mailSecret' | 'remoteCredentials';

/** What can be set of rendering, site, mail, webhooks and plugins. Defaults and meaning: `projection-settings.ts`. */
export type ProjectionConfig = {
  [N in Exclude<ProjectionSettingName, SecretName>]: ValueOf<(typeof PROJECTION_SETTINGS)[N]>;
};

/** Never printed, never logged. */
export interface ProjectionSecrets {
  /** Of the mail server. */
  mailPassword: string | undefined;
  /** Signs what mails hold: links that set a password or end a subscription. */
  mailSecret: string | undefined;
  /** What remotes are shown; see `remote/credentials.ts`. */
  remoteCredentials: string | undefined;
}

export interface ProjectionSettings {
  config: ProjectionConfig;
  secrets: ProjectionSecrets;
}

/**
 * Reads what follows from commits of the environment. An empty variable counts as not set.
 * @throws KittiwakeError `config_invalid`, naming the setting, its value and what would be right
 */
export function readProjectionSettings({ env, given }: ReadConfigInput): ProjectionSettings {
  const { values } = readRows(PROJECTION_SETTINGS, { env, given });
  const { mailPassword, mailSecret, remoteCredentials, ...config } = values as unknown as ProjectionConfig &
    Partial<ProjectionSecrets>;
  return { config, secrets: { mailPassword, mailSecret, remoteCredentials } };
}
