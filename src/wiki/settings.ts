/** How a wiki names its pages and reads its links. The names follow Otterwiki's settings of the same purpose. */
export interface WikiSettings {
  /** `RETAIN_PAGE_NAME_CASE`. False (the default): paths are lower-cased and shown in title case. */
  retainPageNameCase: boolean;
  /**
   * `WIKILINK_STYLE`. Default `''`: in `[[a|b]]` the page is `b`. Upper-cased and without underscores equal to
   * `LINKTITLE` or `PAGENAMETITLE`: it is `a`.
   */
  wikilinkStyle: string;
  /** Whom a commit names when the caller brings no author. Default: Kittiwake <kittiwake@localhost>. */
  author: { name: string; email: string };
  /** Largest attachment in JSON, decoded, in bytes. Default 10 MiB, the contract's limit. */
  maxAttachmentBytes: number;
  /** Largest attachment that is uploaded past JSON, in bytes. Default 1 GiB; packs have to stay below 4 GiB. */
  maxUploadBytes: number;
}

export const DEFAULT_SETTINGS: WikiSettings = {
  retainPageNameCase: false,
  wikilinkStyle: '',
  author: { name: 'Kittiwake', email: 'kittiwake@localhost' },
  maxAttachmentBytes: 10 * 1024 * 1024,
  maxUploadBytes: 1024 ** 3,
};
