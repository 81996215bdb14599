export interface Credentials {
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken?: string | undefined;
  /** Absent: they do not expire in the life of this process. */
  expiresAtMs?: number | undefined;
}
