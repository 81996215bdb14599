import type { EventReader } from '../../projection/event/event-reader.ts';
import type { ByteStore } from '../../storage/byte-store.ts';
import type { Environment } from '../environment.ts';
import type { Lazy } from '../lazy.ts';
import type { WikiOwnParts } from '../wiki-parts.ts';

/** What projections are made of; each part comes to be on its first use. */
export interface ProjectionParts {
  environment: Environment;
  store: Lazy<ByteStore>;
  wiki: WikiOwnParts;
  /** What commits did, remembered for all who ask. */
  events: Lazy<EventReader>;
}
