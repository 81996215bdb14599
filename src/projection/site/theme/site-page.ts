import type { Heading } from '../../../render/renderer.ts';

/**
 * What the site's pages are made of. URLs are relative to the site's base, percent-encoded, without a slash at their start:
 * `docs/intro`, `-/index`, and the empty string for the home page.
 */
export interface SiteInfo {
  name: string;
  description: string;
  /** BCP 47. */
  lang: string;
  /** The site's base address without a slash at its end; empty: it is not known. */
  baseUrl: string;
  /** Whether search engines may read it. */
  isIndexed: boolean;
}

export interface SiteLink {
  url: string;
  title: string;
}

/** The first of a list that may be longer. */
export interface SiteLinks {
  links: readonly SiteLink[];
  /** Of the whole list. */
  total: number;
}

export interface SiteChange {
  /** Name of the author, never the address. */
  author: string;
  /** In seconds since 1970. */
  seconds: number;
  /** All 40 digits. */
  commit: string;
  /** First line. */
  message: string;
}

export interface SitePage {
  site: SiteInfo;
  url: string;
  title: string;
  /** Folders above, outermost first, without the home page and without the page itself. */
  breadcrumbs: readonly SiteLink[];
  /** From the renderer: safe. */
  content: string;
  headings: readonly Heading[];
  /** What a browser needs besides the style sheet, as the renderer says. */
  needs: readonly string[];
  backlinks: SiteLinks;
  /** Pages and folders right below it. */
  children: SiteLinks;
  lastChange: SiteChange | undefined;
  /** Changes of the page, relative like other URLs or absolute. Undefined: shown nowhere. */
  historyUrl: string | undefined;
  /** Its text as it is stored. Undefined: shown nowhere. */
  rawUrl: string | undefined;
}

/** Of a folder without a page of its own. */
export interface SiteFolder {
  site: SiteInfo;
  url: string;
  title: string;
  breadcrumbs: readonly SiteLink[];
  children: SiteLinks;
}

/** All pages, in groups by the start of their titles. */
export interface SiteIndex {
  site: SiteInfo;
  url: string;
  /** Of the group: `A`. Undefined: the page that lists the groups. */
  label: string | undefined;
  groups: readonly { url: string; label: string; total: number }[];
  pages: readonly SiteLink[];
}

export interface SiteRedirect {
  site: SiteInfo;
  url: string;
  target: SiteLink;
}

export interface SiteFeed {
  site: SiteInfo;
  /** A URI of the wiki: `urn:uuid:…`. */
  id: string;
  /** Of the feed itself. */
  url: string;
  /** Of the other format. */
  otherUrl: string;
  /** Newest first. */
  entries: readonly SiteFeedEntry[];
}

export interface SiteFeedEntry {
  /** A URI. */
  id: string;
  title: string;
  url: string;
  seconds: number;
  author: string;
  /** Plain text. */
  summary: string;
}

export interface SitemapEntry {
  url: string;
  seconds: number;
}

/** `-/tree.json` for the top, `-/tree/<folder>.json` below: what the sidebar shows of a folder, in order. */
export interface SiteTree {
  entries: readonly SiteTreeEntry[];
}

export interface SiteTreeEntry {
  title: string;
  url: string;
  /** URL of the tree below it. Absent: there is nothing below. */
  tree?: string;
}

/** `-/search/index.json`. */
export interface SearchDirectory {
  /** URLs of the shards, in order. */
  shards: readonly string[];
  /** How many pages they hold together. */
  pages: number;
}

/** `-/search/<bits>.json`. */
export interface SearchShard {
  pages: readonly SearchEntry[];
}

/** Short names: there are many. */
export interface SearchEntry {
  /** URL. */
  u: string;
  /** Title. */
  t: string;
  /** Texts of headings. */
  h: readonly string[];
  /** Unique words, as {@link foldWords} gives them, with spaces between them. */
  w: string;
}

/** A file that pages refer to; its name changes with its bytes. */
export interface SiteAsset {
  /** `-/assets/<name>-<hash>.<ext>`. */
  url: string;
  contentType: string;
  bytes: Uint8Array;
}
