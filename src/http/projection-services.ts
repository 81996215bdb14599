import type { ProjectionStatus } from '../projection/runnable.ts';
import type { WebhookAdministration } from '../projection/webhook/webhook-administration.ts';

/** What routes reach of what follows from commits, as one caller may use it. */
export interface ProjectionServices {
  /** How each projection stands, for who administers the wiki. @throws KittiwakeError `forbidden` */
  status(): Promise<ProjectionStatus[]>;
  /** Those who are told of commits over HTTP, for who administers the wiki. @throws KittiwakeError `forbidden` */
  webhooks(): Promise<WebhookAdministration>;
}
