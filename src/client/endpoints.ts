// Made by "npm run draw" from the OpenAPI document; changes are overwritten.

/** Writes that a server carries out once for an Idempotency-Key. */
export const KEYED_WRITES: ReadonlySet<string> = new Set([
  'DELETE /api/v1/pages/{path}/attachments/{file}',
  'POST /api/v1/pages/{path}/attachments',
  'POST /api/v1/pages/{path}/rename',
  'POST /api/v1/pages/{path}/restore',
  'PUT /api/v1/pages/{path}',
  'PATCH /api/v1/pages/{path}',
  'DELETE /api/v1/pages/{path}',
  'POST /api/v1/batch',
  'POST /api/v1/revert',
  'POST /api/v1/imports',
  'POST /api/v1/render',
]);

/** What each operation takes and answers, by method and path. */
export type Endpoints = {
  /** This document */
  'GET /api/v1/openapi.json': {
    answer: Record<string, never>;
  };
  /** Says that the process answers */
  'GET /api/v1/health': {
    answer: {
      status: 'ok';
    };
  };
  /** Lists pages */
  'GET /api/v1/pages': {
    query?: {
      /** Beginning of the path. */
      prefix?: string;
      /** Frontmatter category, whatever its case. */
      category?: string;
      /** One of the frontmatter tags, whatever its case. */
      tag?: string;
      /** ISO 8601 date or time; without an offset it is UTC. */
      updated_since?: string;
      /** Most pages of the answer; default and most 10,000. */
      limit?: number;
      /** `next_cursor` of the answer before. */
      cursor?: string;
    };
    answer: {
      pages: {
        category: unknown;
        content_length: number;
        last_updated: string | null;
        name: unknown;
        path: string;
        tags: unknown[];
      }[];
      total: number;
      next_cursor?: string;
    };
  };
  /** Reads an attachment: in base64, as it is, or from the store */
  'GET /api/v1/pages/{path}/attachments/{file}': {
    params: {
      /** One or more segments; slashes are not encoded. */
      path: string;
      /** One segment. */
      file: string;
    };
    query?: {
      /**
       * `raw`: the bytes themselves, of any size. `presigned`: a redirect to where the store has them.
       */
      download?: 'raw' | 'presigned';
    };
    answer:
      | {
          content: string;
          filename: string;
          mime_type: string;
          size: number;
        }
      | Blob;
  };
  /** Deletes an attachment */
  'DELETE /api/v1/pages/{path}/attachments/{file}': {
    params: {
      /** One or more segments; slashes are not encoded. */
      path: string;
      /** One segment. */
      file: string;
    };
    body?: {
      /** Revision that was read, 7 or more leading characters: another newest revision refuses the write. */
      revision?: string | null;
      /** Used as it is. Default: "[api] <Action>: <subject>". */
      commit_message?: string | null;
      /** Answers what would happen, with the changes, and commits nothing. Default false. */
      dry_run?: boolean | null;
    };
    answer: {
      deleted: true;
      filename: string;
      dry_run?: true;
      changes?: {
        path: string;
        action: 'create' | 'update' | 'delete';
      }[];
    };
  };
  /** Lists the attachments of a page */
  'GET /api/v1/pages/{path}/attachments': {
    params: {
      /** One or more segments; slashes are not encoded. */
      path: string;
    };
    query?: {
      /** Most attachments of the answer; default and most 10,000. */
      limit?: number;
      /** `next_cursor` of the answer before. */
      cursor?: string;
    };
    answer: {
      attachments: {
        filename: string;
        last_modified: string | null;
        mime_type: string;
        size: number;
      }[];
      path: string;
      total: number;
      next_cursor?: string;
    };
  };
  /** Attaches a file to a page, or replaces it */
  'POST /api/v1/pages/{path}/attachments': {
    params: {
      /** One or more segments; slashes are not encoded. */
      path: string;
    };
    query?: {
      /** Of a body that is not JSON. */
      filename?: string;
      /** Of the commit for such a body. */
      commit_message?: string;
    };
    body:
      | (
          | {
              /** Made safe: letters, digits, dot, hyphen and underscore stay. */
              filename: string;
              /** At most 10 MiB decoded. */
              content: string;
              /** Revision that was read, 7 or more leading characters: another newest revision refuses the write. */
              revision?: string | null;
              /** Used as it is. Default: "[api] <Action>: <subject>". */
              commit_message?: string | null;
              /** Answers what would happen, with the changes, and commits nothing. Default false. */
              dry_run?: boolean | null;
            }
          | {
              /** Made safe: letters, digits, dot, hyphen and underscore stay. */
              filename: string;
              upload: 'presigned';
              /** Bytes. */
              size: number;
              /** Of the bytes: 64 hex digits. */
              sha256: string;
              /** Content-Type of the upload request. Default: by the name. */
              content_type?: string | null;
              /** Revision that was read, 7 or more leading characters: another newest revision refuses the write. */
              revision?: string | null;
            }
          | {
              /** Made safe: letters, digits, dot, hyphen and underscore stay. */
              filename: string;
              /** The id that came with the URL. */
              upload: string;
              /** Revision that was read, 7 or more leading characters: another newest revision refuses the write. */
              revision?: string | null;
              /** Used as it is. Default: "[api] <Action>: <subject>". */
              commit_message?: string | null;
              /** Answers what would happen, with the changes, and commits nothing. Default false. */
              dry_run?: boolean | null;
            }
        )
      | Blob;
    answer:
      | {
          upload: {
            id: string;
            method: 'PUT';
            /** Format: uri */
            url: string;
            headers: {
              [key: string]: string;
            };
            /** Format: date-time */
            expires_at: string;
            max_bytes: number;
          };
        }
      | {
          filename: string;
          mime_type: string;
          path: string;
          size: number;
          dry_run?: true;
          changes?: {
            path: string;
            action: 'create' | 'update' | 'delete';
          }[];
        };
  };
  /** Lists the commits that touched a page, through renames, newest first */
  'GET /api/v1/pages/{path}/history': {
    params: {
      /** One or more segments; slashes are not encoded. */
      path: string;
    };
    query?: {
      /** Most commits of the answer; default all, 10,000 at a time. */
      limit?: number;
      /** `next_cursor` of the answer before. */
      cursor?: string;
    };
    answer: {
      history: {
        author: string;
        /** Format: date-time */
        date: string;
        message: string;
        revision: string;
      }[];
      path: string;
      next_cursor?: string;
    };
  };
  /** Renames a page with its attachments and sub-pages, and rewrites the links to it */
  'POST /api/v1/pages/{path}/rename': {
    params: {
      /** One or more segments; slashes are not encoded. */
      path: string;
    };
    body: {
      /** Required; looked at after the page has been found. */
      new_path?: string | null;
      /** Revision that was read, 7 or more leading characters: another newest revision refuses the write. */
      revision?: string | null;
      /** Used as it is. Default: "[api] <Action>: <subject>". */
      commit_message?: string | null;
      /** Answers what would happen, with the changes, and commits nothing. Default false. */
      dry_run?: boolean | null;
    };
    answer: {
      new_path: string;
      old_path: string;
      revision: string;
      updated_pages: string[];
      dry_run?: true;
      changes?: {
        path: string;
        action: 'create' | 'update' | 'delete';
      }[];
    };
  };
  /** Gives a page the text it had at a revision, also after it was deleted */
  'POST /api/v1/pages/{path}/restore': {
    params: {
      /** One or more segments; slashes are not encoded. */
      path: string;
    };
    body: {
      /** Commit whose text of the page comes back. */
      revision: string;
      /** Refuses when the newest revision of the page is another one. */
      expected_revision?: string | null;
      /** Used as it is. Default: "[api] <Action>: <subject>". */
      commit_message?: string | null;
      /** Answers what would happen, with the changes, and commits nothing. Default false. */
      dry_run?: boolean | null;
    };
    answer: {
      created: boolean;
      name: unknown;
      path: string;
      restored_from: string;
      revision: string;
      dry_run?: true;
      changes?: {
        path: string;
        action: 'create' | 'update' | 'delete';
      }[];
    };
  };
  /** Reads a page */
  'GET /api/v1/pages/{path}': {
    params: {
      /** One or more segments; slashes are not encoded. */
      path: string;
    };
    query?: {
      /** The page as of this commit: HEAD, or 4 to 40 hex digits. */
      revision?: string;
      /** Only the section of this title or path of titles ("A > B"). */
      section?: string;
      /** `json` (default), or `html`: a document of its own, which may be shown as it is. */
      format?: string;
    };
    answer: {
      content: string;
      frontmatter: Record<string, never> | null;
      last_commit: {
        author: string;
        /** Format: date-time */
        date: string;
        message: string;
        revision: string;
      } | null;
      linked_from: string[];
      links_to: string[];
      name: unknown;
      path: string;
      revision: string;
    };
  };
  /** Creates or replaces a page */
  'PUT /api/v1/pages/{path}': {
    params: {
      /** One or more segments; slashes are not encoded. */
      path: string;
    };
    body: {
      /** The whole page, frontmatter included. Stored as it is. */
      content: string;
      /** Revision that was read, 7 or more leading characters: another newest revision refuses the write. */
      revision?: string | null;
      /**
       * What a stale revision leads to: fail (the default), or a three-way merge with the text of that revision.
       */
      on_conflict?: 'fail' | 'merge' | null;
      /** Used as it is. Default: "[api] <Action>: <subject>". */
      commit_message?: string | null;
      /** Answers what would happen, with the changes, and commits nothing. Default false. */
      dry_run?: boolean | null;
      /** Deletes the caller's draft of the page once it is saved. Default false. */
      discard_draft?: boolean | null;
    };
    answer: {
      created: boolean;
      name: unknown;
      path: string;
      revision: string;
      merged?: true;
      draft_discarded?: boolean;
      dry_run?: true;
      changes?: {
        path: string;
        action: 'create' | 'update' | 'delete';
      }[];
    };
  };
  /** Edits a page: one exact substring, or one section */
  'PATCH /api/v1/pages/{path}': {
    params: {
      /** One or more segments; slashes are not encoded. */
      path: string;
    };
    body:
      | {
          /** Revision that was read; 7 or more leading characters. */
          revision: string;
          /** Must stand exactly once in the page. */
          old_string: string;
          new_string: string;
          /**
           * What a stale revision leads to: fail (the default), or a three-way merge with the text of that revision.
           */
          on_conflict?: 'fail' | 'merge' | null;
          /** Used as it is. Default: "[api] <Action>: <subject>". */
          commit_message?: string | null;
          /** Answers what would happen, with the changes, and commits nothing. Default false. */
          dry_run?: boolean | null;
          /** Deletes the caller's draft of the page once it is saved. Default false. */
          discard_draft?: boolean | null;
        }
      | {
          /** Revision that was read; 7 or more leading characters. */
          revision: string;
          /** Title of the section, or its path: "Chapter > Section". */
          section: string;
          /** The new section with its heading line; or what is added. */
          content: string;
          /**
           * Default replace.
           */
          placement?: 'replace' | 'append' | null;
          /**
           * What a stale revision leads to: fail (the default), or a three-way merge with the text of that revision.
           */
          on_conflict?: 'fail' | 'merge' | null;
          /** Used as it is. Default: "[api] <Action>: <subject>". */
          commit_message?: string | null;
          /** Answers what would happen, with the changes, and commits nothing. Default false. */
          dry_run?: boolean | null;
          /** Deletes the caller's draft of the page once it is saved. Default false. */
          discard_draft?: boolean | null;
        };
    answer: {
      name: unknown;
      path: string;
      revision: string;
      merged?: true;
      draft_discarded?: boolean;
      dry_run?: true;
      changes?: {
        path: string;
        action: 'create' | 'update' | 'delete';
      }[];
    };
  };
  /** Deletes a page */
  'DELETE /api/v1/pages/{path}': {
    params: {
      /** One or more segments; slashes are not encoded. */
      path: string;
    };
    body?: {
      /** Revision that was read, 7 or more leading characters: another newest revision refuses the write. */
      revision?: string | null;
      /** Removes sub-pages and attachments too. Default false. */
      recursive?: boolean | null;
      /** Used as it is. Default: "[api] <Action>: <subject>". */
      commit_message?: string | null;
      /** Answers what would happen, with the changes, and commits nothing. Default false. */
      dry_run?: boolean | null;
    };
    answer: {
      deleted: true;
      path: string;
      deleted_pages?: string[];
      deleted_attachments?: number;
      dry_run?: true;
      changes?: {
        path: string;
        action: 'create' | 'update' | 'delete';
      }[];
    };
  };
  /** All links between pages */
  'GET /api/v1/links': {
    query?: {
      /** Most edges of the answer; default and most 100,000. */
      limit?: number;
      /** `next_cursor` of the answer before. */
      cursor?: string;
    };
    answer: {
      edges: {
        source: string;
        target: string;
      }[];
      nodes: string[];
      next_cursor?: string;
    };
  };
  /** Names the pages that a page links to, and those that link to it */
  'GET /api/v1/links/{path}': {
    params: {
      /** One or more segments; slashes are not encoded. */
      path: string;
    };
    query?: {
      /** Most entries of linked_from; default and most 10,000. */
      limit?: number;
      /** `next_cursor` of the answer before. */
      cursor?: string;
    };
    answer: {
      linked_from: string[];
      links_to: string[];
      path: string;
      next_cursor?: string;
    };
  };
  /** Lists the commits of the wiki, newest first */
  'GET /api/v1/changelog': {
    query?: {
      /** Most commits of the answer; default 50; 0: all, 10,000 at a time. */
      limit?: number;
      /** `next_cursor` of the answer before. */
      cursor?: string;
    };
    answer: {
      entries: ({
        author: string;
        /** Format: date-time */
        date: string;
        message: string;
        revision: string;
      } & {
        pages_affected: string[];
      })[];
      total: number;
      next_cursor?: string;
    };
  };
  /** Searches names and texts */
  'GET /api/v1/search': {
    query: {
      /** Words, joined by OR; whatever their case. With `mode=ranked` a query. */
      q: string;
      /**
       * Default simple.
       */
      mode?: 'simple' | 'ranked';
      /** Most results of the answer; default and most 1,000. With `mode=ranked` default 20, most 100. */
      limit?: number;
      /** `next_cursor` of the answer before. */
      cursor?: string;
    };
    answer:
      | {
          query: string;
          results: {
            name: string;
            path: string;
            score: number;
            snippet: string;
          }[];
          total: number;
          next_cursor?: string;
        }
      | {
          query: string;
          results: {
            name: string;
            path: string;
            score: number;
            highlights: {
              field: 'title' | 'body';
              text: string;
              /** Start and end in UTF-16 units of text. */
              ranges: number[][];
            }[];
          }[];
          total: number;
          next_cursor?: string;
        };
  };
  /** Makes several changes in one commit: all or nothing */
  'POST /api/v1/batch': {
    body: {
      /** 1 to 1,000 changes, made in order. */
      changes: {
        op: 'put' | 'patch' | 'delete' | 'rename' | 'restore' | 'attach' | 'delete_attachment';
        /** Page path. */
        path: string;
        /** put, patch with section; attach: base64. */
        content?: string | null;
        /** Revision that was read, 7 or more leading characters: another newest revision refuses the write. */
        revision?: string | null;
        /** restore. */
        expected_revision?: string | null;
        /**
         * What a stale revision leads to: fail (the default), or a three-way merge with the text of that revision.
         */
        on_conflict?: 'fail' | 'merge' | null;
        /** patch. */
        old_string?: string | null;
        /** patch. */
        new_string?: string | null;
        /** patch. */
        section?: string | null;
        /**
         * patch.
         */
        placement?: 'replace' | 'append' | null;
        /** delete. */
        recursive?: boolean | null;
        /** rename. */
        new_path?: string | null;
        /** attach, delete_attachment. */
        filename?: string | null;
      }[];
      /** Used as it is. Default: "[api] <Action>: <subject>". */
      commit_message?: string | null;
      /** Answers what would happen, with the changes, and commits nothing. Default false. */
      dry_run?: boolean | null;
    };
    answer: {
      results: Record<string, never>[];
      revision: string;
      dry_run?: true;
      changes?: {
        path: string;
        action: 'create' | 'update' | 'delete';
      }[];
    };
  };
  /** Undoes a commit */
  'POST /api/v1/revert': {
    body: {
      /** Commit to undo. */
      revision: string;
      /** Used as it is. Default: "[api] <Action>: <subject>". */
      commit_message?: string | null;
      /** Answers what would happen, with the changes, and commits nothing. Default false. */
      dry_run?: boolean | null;
    };
    answer: {
      pages: string[];
      reverted: string;
      revision: string;
      dry_run?: true;
      changes?: {
        path: string;
        action: 'create' | 'update' | 'delete';
      }[];
    };
  };
  /** Lists the caller's drafts */
  'GET /api/v1/drafts': {
    query?: {
      /** Most drafts of the answer; default and most 100. */
      limit?: number;
      /** `next_cursor` of the answer before. */
      cursor?: string;
    };
    answer: {
      drafts: {
        path: string;
        base_revision: string | null;
        cursor: {
          line: number;
          ch: number;
        };
        /** Format: date-time */
        updated: string;
        /** Format: date-time */
        expires: string;
        current_revision: string | null;
        moved_on: boolean;
      }[];
      total: number;
      next_cursor?: string;
    };
  };
  /** Reads the caller's draft of a page */
  'GET /api/v1/drafts/{path}': {
    params: {
      /** One or more segments; slashes are not encoded. */
      path: string;
    };
    query?: {
      /** `true`: where the page has moved on, a three-way merge of both is proposed. */
      merge?: string;
    };
    answer: {
      path: string;
      base_revision: string | null;
      cursor: {
        line: number;
        ch: number;
      };
      /** Format: date-time */
      updated: string;
      /** Format: date-time */
      expires: string;
      current_revision: string | null;
      moved_on: boolean;
      content: string;
      merge?:
        | {
            clean: true;
            content: string;
          }
        | {
            clean: false;
            hunks: unknown[];
            diff: string;
          }
        | null;
    };
  };
  /** Saves the caller's draft of a page; nothing is committed */
  'PUT /api/v1/drafts/{path}': {
    params: {
      /** One or more segments; slashes are not encoded. */
      path: string;
    };
    body: {
      /** The page as it is being written. */
      content: string;
      /** Revision of the page that the writing began with. Null or absent: there was no page. */
      revision?: string | null;
      /** Where the author is. Default: at the beginning. */
      cursor?: {
        /** From 0. */
        line: number;
        /** From 0. */
        ch: number;
      };
    };
    answer: {
      path: string;
      base_revision: string | null;
      cursor: {
        line: number;
        ch: number;
      };
      /** Format: date-time */
      updated: string;
      /** Format: date-time */
      expires: string;
    };
  };
  /** Deletes the caller's draft of a page */
  'DELETE /api/v1/drafts/{path}': {
    params: {
      /** One or more segments; slashes are not encoded. */
      path: string;
    };
    answer: {
      deleted: true;
      path: string;
    };
  };
  /** Sends the wiki as one file: an archive, or a line of JSON for each page */
  'GET /api/v1/export': {
    query?: {
      /**
       * Default: `zip`.
       */
      format?: 'zip' | 'ndjson' | 'bundle';
      /** Path of a page: it and all below it. */
      prefix?: string;
      /** Revision to export, 40 hex digits. Default: the newest. */
      at?: string;
      /** With `ndjson`: `file` of the last line at hand. */
      after?: string;
      /**
       * With `ndjson`: other files too, each a line of `file`, `revision` and `base64`.
       */
      attachments?: 'true' | 'false';
    };
    /** Format: binary */
    answer: Blob;
  };
  /** Lists the plugins, and what their hooks have come to in the process that answers */
  'GET /api/v1/plugins': {
    answer: {
      plugins: {
        name: string;
        version: string;
        source: string;
        hooks: {
          hook: string;
          calls: number;
          failures: number;
          total_ms: number;
          max_ms: number;
        }[];
      }[];
    };
  };
  /** Reads the policy of the wiki */
  'GET /api/v1/policy': {
    answer: {
      revision: number;
      access: {
        [key: string]: string;
      };
      rules: {
        path: string;
        read?: string[];
        write?: string[];
        upload?: string[];
        admin?: string[];
      }[];
      limits: {
        [key: string]: number;
      };
      preferences: {
        [key: string]: string;
      };
    };
  };
  /** Sets the quota of the wiki */
  'PUT /api/v1/policy/limits': {
    body: {
      /** Most pages; 0: no limit. Null: as configured. Absent: as it was. */
      pages?: number | null;
      /** Most bytes in the store, with the history; 0: no limit. Null: as configured. Absent: as it was. */
      bytes?: number | null;
    };
    answer: {
      revision: number;
      access: {
        [key: string]: string;
      };
      rules: {
        path: string;
        read?: string[];
        write?: string[];
        upload?: string[];
        admin?: string[];
      }[];
      limits: {
        [key: string]: number;
      };
      preferences: {
        [key: string]: string;
      };
    };
  };
  /** Replaces all rules */
  'PUT /api/v1/policy/rules': {
    body: {
      rules: {
        /** Path of a page; empty: the whole wiki. */
        path: string;
        /** Who may read. Empty: nobody but administrators. Absent: as above. */
        read?: string[];
        /** Who may write, of those who may read. */
        write?: string[];
        /** Who may attach files, of those who may write. */
        upload?: string[];
        /** Who may change the rules at this path and below it. */
        admin?: string[];
      }[];
    };
    answer: {
      revision: number;
      access: {
        [key: string]: string;
      };
      rules: {
        path: string;
        read?: string[];
        write?: string[];
        upload?: string[];
        admin?: string[];
      }[];
      limits: {
        [key: string]: number;
      };
      preferences: {
        [key: string]: string;
      };
    };
  };
  /** Sets the rule of a page and everything below it */
  'PUT /api/v1/policy/rules/{path}': {
    params: {
      /** One or more segments; slashes are not encoded. */
      path: string;
    };
    body: {
      /** Who may read. Empty: nobody but administrators. Absent: as above. */
      read?: string[];
      /** Who may write, of those who may read. */
      write?: string[];
      /** Who may attach files, of those who may write. */
      upload?: string[];
      /** Who may change the rules at this path and below it. */
      admin?: string[];
    };
    answer: {
      revision: number;
      access: {
        [key: string]: string;
      };
      rules: {
        path: string;
        read?: string[];
        write?: string[];
        upload?: string[];
        admin?: string[];
      }[];
      limits: {
        [key: string]: number;
      };
      preferences: {
        [key: string]: string;
      };
    };
  };
  /** Removes a rule */
  'DELETE /api/v1/policy/rules/{path}': {
    params: {
      /** One or more segments; slashes are not encoded. */
      path: string;
    };
    answer: {
      revision: number;
      access: {
        [key: string]: string;
      };
      rules: {
        path: string;
        read?: string[];
        write?: string[];
        upload?: string[];
        admin?: string[];
      }[];
      limits: {
        [key: string]: number;
      };
      preferences: {
        [key: string]: string;
      };
    };
  };
  /** Lists the settings of the wiki that concern writing */
  'GET /api/v1/preferences': {
    answer: {
      preferences: {
        name: string;
        type: 'choice' | 'text' | 'switch' | 'bytes';
        description: string;
        default: string | number | boolean;
        value: string | number | boolean;
        source: 'default' | 'environment' | 'policy';
        changeable: boolean;
        choices?: string[];
      }[];
    };
  };
  /** Changes preferences */
  'PATCH /api/v1/preferences': {
    body: {
      /**
       * Who may read where no rule says it.
       */
      READ_ACCESS?: 'ANONYMOUS' | 'REGISTERED' | 'APPROVED' | 'ADMIN' | null;
      /**
       * Who may write where no rule says it.
       */
      WRITE_ACCESS?: 'ANONYMOUS' | 'REGISTERED' | 'APPROVED' | 'ADMIN' | null;
      /**
       * Who may attach files where no rule says it.
       */
      ATTACHMENT_ACCESS?: 'ANONYMOUS' | 'REGISTERED' | 'APPROVED' | 'ADMIN' | null;
      /**
       * Whether writes bring a message.
       */
      COMMIT_MESSAGE?: 'REQUIRED' | 'OPTIONAL' | 'DISABLED' | null;
      /** Message of writes that bring none: `%P` is the page, and codes of strftime. */
      DEFAULT_COMMIT_MESSAGE?: string | null;
      /** The page that a reader sees first. */
      HOME_PAGE?: string | null;
    };
    answer: {
      preferences: {
        name: string;
        type: 'choice' | 'text' | 'switch' | 'bytes';
        description: string;
        default: string | number | boolean;
        value: string | number | boolean;
        source: 'default' | 'environment' | 'policy';
        changeable: boolean;
        choices?: string[];
      }[];
    };
  };
  /** Lists what the user who asks gets mails about */
  'GET /api/v1/watches': {
    query?: {
      /** Most watches of the answer; default and most 200. */
      limit?: number;
      /** `next_cursor` of the answer before. */
      cursor?: string;
    };
    answer: {
      watches: {
        kind: 'page' | 'folder' | 'wiki';
        path: string | null;
        /** Format: date-time */
        since: string;
      }[];
      next_cursor?: string;
    };
  };
  /** Sends mails about changes of the whole wiki */
  'PUT /api/v1/watches/wiki': {
    answer: {
      kind: 'page' | 'folder' | 'wiki';
      path: string | null;
      /** Format: date-time */
      since: string;
    };
  };
  /** Ends the mails about changes of the whole wiki */
  'DELETE /api/v1/watches/wiki': {
    answer: {
      deleted: true;
      kind: 'page' | 'folder' | 'wiki';
      path: string | null;
    };
  };
  /** Sends mails about changes of a page and its attachments, which need not exist yet */
  'PUT /api/v1/watches/pages/{path}': {
    params: {
      /** One or more segments; slashes are not encoded. */
      path: string;
    };
    answer: {
      kind: 'page' | 'folder' | 'wiki';
      path: string | null;
      /** Format: date-time */
      since: string;
    };
  };
  /** Ends the mails about changes of a page */
  'DELETE /api/v1/watches/pages/{path}': {
    params: {
      /** One or more segments; slashes are not encoded. */
      path: string;
    };
    answer: {
      deleted: true;
      kind: 'page' | 'folder' | 'wiki';
      path: string | null;
    };
  };
  /** Sends mails about changes of what lies below a page */
  'PUT /api/v1/watches/folders/{path}': {
    params: {
      /** One or more segments; slashes are not encoded. */
      path: string;
    };
    answer: {
      kind: 'page' | 'folder' | 'wiki';
      path: string | null;
      /** Format: date-time */
      since: string;
    };
  };
  /** Ends the mails about changes of what lies below a page */
  'DELETE /api/v1/watches/folders/{path}': {
    params: {
      /** One or more segments; slashes are not encoded. */
      path: string;
    };
    answer: {
      deleted: true;
      kind: 'page' | 'folder' | 'wiki';
      path: string | null;
    };
  };
  /** Mails a link that sets a new password */
  'POST /api/v1/account/recovery': {
    body: {
      /** Of the user whose password is forgotten. */
      email: string;
    };
    answer: {
      accepted: true;
    };
  };
  /** The page that links for a password lead to */
  'GET /api/v1/account/password': {
    query: {
      /** Of the link in the mail. */
      token: string;
    };
    /** Format: binary */
    answer: Blob;
  };
  /** Sets a password with the token of a mail, once */
  'POST /api/v1/account/password': {
    body: {
      /** Of the link in the mail. */
      token: string;
      /** 8 to 1,024 characters. */
      password: string;
    };
    answer:
      | {
          changed: true;
        }
      | Blob;
  };
  /** The page that links to unsubscribe lead to: it asks, and changes nothing */
  'GET /api/v1/unsubscribe': {
    query: {
      /** Of the link in the mail. */
      token: string;
    };
    /** Format: binary */
    answer: Blob;
  };
  /** Ends the watches that led to a mail (RFC 8058) */
  'POST /api/v1/unsubscribe': {
    query: {
      /** Of the link in the mail. */
      token: string;
    };
    /** Format: binary */
    answer: Blob;
  };
  /** Mails a user a link that sets its password */
  'POST /api/v1/users/{id}/invitation': {
    params: {
      /** One segment. */
      id: string;
    };
    answer: {
      accepted: true;
      id: string;
    };
  };
  /** Starts an import */
  'POST /api/v1/imports': {
    body: {
      /** Name of the file that will be sent. */
      name?: string;
      /** Its bytes. */
      size?: number;
      /** In place of both: of a git repository that is fetched with its history over HTTPS, for administrators. Without user name and password. */
      url?: string | null;
      /** Of a git repository. Default: that of its HEAD. */
      branch?: string | null;
      /**
       * Default: told from the content, which may be gzipped. `markdown`: a ZIP of Markdown files. `git`: a bundle with its history, for administrators.
       */
      format?: 'csv' | 'ndjson' | 'xlsx' | 'markdown' | 'git' | null;
      /** How rows become pages: docs/import.md. Default: the columns `path` and `content`. Other files cannot be named here. */
      pipeline?: Record<string, never>;
      /**
       * What becomes of pages that are there with other content. `merge`: what was edited since the import was made is merged. Default: skip.
       */
      existing?: 'skip' | 'overwrite' | 'merge' | 'fail' | null;
      /**
       * `fail`: one row that fails ends all of it, and nothing is committed. Default: skip.
       */
      on_error?: 'skip' | 'fail' | null;
      /** Writes nothing, and makes a sample of the result. */
      dry_run?: boolean | null;
      /** Page below which everything is put. Default: the wiki. */
      into?: string | null;
      commit_message?: string | null;
      /** A commit for so many files. Default: one for all. */
      commit_pages?: number | null;
      /** A source with more rows is refused. */
      max_rows?: number | null;
      /** Of a text, as the Encoding standard names it. */
      encoding?: string | null;
      /** Of CSV: one character. */
      delimiter?: string | null;
      /** Of CSV without a header: the names of its columns. */
      columns?: string[];
      /** Of CSV: rows with fewer cells than the header, and with empty ones behind, are taken. Default: they fail. */
      lenient?: boolean | null;
      /** Of a workbook. Default: the first. */
      sheet?: string | null;
      /**
       * What wrote an archive. Default: told from what it holds.
       */
      convention?: 'plain' | 'obsidian' | 'notion' | 'outline' | null;
    };
    answer: {
      id: string;
      state: 'awaiting_upload' | 'queued' | 'running' | 'committing' | 'done' | 'failed' | 'cancelled';
      name: string;
      /** Format: date-time */
      created: string;
      created_by: string;
      started: string | null;
      ended: string | null;
      cancelling: boolean;
      options: {
        format: string | null;
        existing: 'skip' | 'overwrite' | 'merge' | 'fail';
        on_error: 'skip' | 'fail';
        dry_run: boolean;
        into: string | null;
        commit_pages: number | null;
        max_rows: number | null;
      };
      upload: {
        size: number;
        received: number;
        url: string;
        parts?: {
          number: number;
          size: number;
          method: string;
          url: string;
          headers: unknown;
          /** Format: date-time */
          expires: string;
        }[];
      } | null;
      progress: {
        bytes_read: number;
        bytes_total: number;
        percent: number;
        rows: number;
        written: number;
        attachments: number;
        unchanged: number;
        skipped: number;
        merged: number;
        failed: number;
        rows_per_second: number;
        seconds_left: number | null;
      };
      commits: string[];
      failures: {
        rows: {
          source: string;
          row: number;
        }[];
        code: string;
        message: string;
        place?: string;
      }[];
      left: string[];
      notes: string[];
      errors_url: string;
      failure: {
        code: string;
        message: string;
      } | null;
    };
  };
  /** Lists imports, the newest first */
  'GET /api/v1/imports': {
    query?: {
      /** Most imports that are looked at; default and most 100. */
      limit?: number;
      /** `next_cursor` of the answer before. */
      cursor?: string;
    };
    answer: {
      imports: {
        id: string;
        state: 'awaiting_upload' | 'queued' | 'running' | 'committing' | 'done' | 'failed' | 'cancelled';
        name: string;
        /** Format: date-time */
        created: string;
        created_by: string;
        started: string | null;
        ended: string | null;
        cancelling: boolean;
        options: {
          format: string | null;
          existing: 'skip' | 'overwrite' | 'merge' | 'fail';
          on_error: 'skip' | 'fail';
          dry_run: boolean;
          into: string | null;
          commit_pages: number | null;
          max_rows: number | null;
        };
        upload: {
          size: number;
          received: number;
          url: string;
          parts?: {
            number: number;
            size: number;
            method: string;
            url: string;
            headers: unknown;
            /** Format: date-time */
            expires: string;
          }[];
        } | null;
        progress: {
          bytes_read: number;
          bytes_total: number;
          percent: number;
          rows: number;
          written: number;
          attachments: number;
          unchanged: number;
          skipped: number;
          merged: number;
          failed: number;
          rows_per_second: number;
          seconds_left: number | null;
        };
        commits: string[];
        failures: {
          rows: {
            source: string;
            row: number;
          }[];
          code: string;
          message: string;
          place?: string;
        }[];
        left: string[];
        notes: string[];
        errors_url: string;
        failure: {
          code: string;
          message: string;
        } | null;
      }[];
      next_cursor?: string;
    };
  };
  /** Tells how far an import is */
  'GET /api/v1/imports/{id}': {
    params: {
      /** One segment. */
      id: string;
    };
    query?: {
      /** `parts`: with the URLs of the parts that are to be sent, made anew. */
      upload?: string;
    };
    answer: {
      id: string;
      state: 'awaiting_upload' | 'queued' | 'running' | 'committing' | 'done' | 'failed' | 'cancelled';
      name: string;
      /** Format: date-time */
      created: string;
      created_by: string;
      started: string | null;
      ended: string | null;
      cancelling: boolean;
      options: {
        format: string | null;
        existing: 'skip' | 'overwrite' | 'merge' | 'fail';
        on_error: 'skip' | 'fail';
        dry_run: boolean;
        into: string | null;
        commit_pages: number | null;
        max_rows: number | null;
      };
      upload: {
        size: number;
        received: number;
        url: string;
        parts?: {
          number: number;
          size: number;
          method: string;
          url: string;
          headers: unknown;
          /** Format: date-time */
          expires: string;
        }[];
      } | null;
      progress: {
        bytes_read: number;
        bytes_total: number;
        percent: number;
        rows: number;
        written: number;
        attachments: number;
        unchanged: number;
        skipped: number;
        merged: number;
        failed: number;
        rows_per_second: number;
        seconds_left: number | null;
      };
      commits: string[];
      failures: {
        rows: {
          source: string;
          row: number;
        }[];
        code: string;
        message: string;
        place?: string;
      }[];
      left: string[];
      notes: string[];
      errors_url: string;
      failure: {
        code: string;
        message: string;
      } | null;
    };
  };
  /** Removes an import that has ended, and what tells of it */
  'DELETE /api/v1/imports/{id}': {
    params: {
      /** One segment. */
      id: string;
    };
    answer: {
      deleted: true;
      id: string;
    };
  };
  /** Sends the source of an import, or the next piece of it */
  'PUT /api/v1/imports/{id}/source': {
    params: {
      /** One segment. */
      id: string;
    };
    /** Format: binary */
    body: Blob;
    answer: {
      id: string;
      state: 'awaiting_upload' | 'queued' | 'running' | 'committing' | 'done' | 'failed' | 'cancelled';
      name: string;
      /** Format: date-time */
      created: string;
      created_by: string;
      started: string | null;
      ended: string | null;
      cancelling: boolean;
      options: {
        format: string | null;
        existing: 'skip' | 'overwrite' | 'merge' | 'fail';
        on_error: 'skip' | 'fail';
        dry_run: boolean;
        into: string | null;
        commit_pages: number | null;
        max_rows: number | null;
      };
      upload: {
        size: number;
        received: number;
        url: string;
        parts?: {
          number: number;
          size: number;
          method: string;
          url: string;
          headers: unknown;
          /** Format: date-time */
          expires: string;
        }[];
      } | null;
      progress: {
        bytes_read: number;
        bytes_total: number;
        percent: number;
        rows: number;
        written: number;
        attachments: number;
        unchanged: number;
        skipped: number;
        merged: number;
        failed: number;
        rows_per_second: number;
        seconds_left: number | null;
      };
      commits: string[];
      failures: {
        rows: {
          source: string;
          row: number;
        }[];
        code: string;
        message: string;
        place?: string;
      }[];
      left: string[];
      notes: string[];
      errors_url: string;
      failure: {
        code: string;
        message: string;
      } | null;
    };
  };
  /** Tells that all parts of the source were sent */
  'POST /api/v1/imports/{id}/complete': {
    params: {
      /** One segment. */
      id: string;
    };
    body?: {
      /** What the store answered to each part. Default: whatever is there. */
      parts?: {
        number: number;
        etag: string;
      }[];
    };
    answer: {
      id: string;
      state: 'awaiting_upload' | 'queued' | 'running' | 'committing' | 'done' | 'failed' | 'cancelled';
      name: string;
      /** Format: date-time */
      created: string;
      created_by: string;
      started: string | null;
      ended: string | null;
      cancelling: boolean;
      options: {
        format: string | null;
        existing: 'skip' | 'overwrite' | 'merge' | 'fail';
        on_error: 'skip' | 'fail';
        dry_run: boolean;
        into: string | null;
        commit_pages: number | null;
        max_rows: number | null;
      };
      upload: {
        size: number;
        received: number;
        url: string;
        parts?: {
          number: number;
          size: number;
          method: string;
          url: string;
          headers: unknown;
          /** Format: date-time */
          expires: string;
        }[];
      } | null;
      progress: {
        bytes_read: number;
        bytes_total: number;
        percent: number;
        rows: number;
        written: number;
        attachments: number;
        unchanged: number;
        skipped: number;
        merged: number;
        failed: number;
        rows_per_second: number;
        seconds_left: number | null;
      };
      commits: string[];
      failures: {
        rows: {
          source: string;
          row: number;
        }[];
        code: string;
        message: string;
        place?: string;
      }[];
      left: string[];
      notes: string[];
      errors_url: string;
      failure: {
        code: string;
        message: string;
      } | null;
    };
  };
  /** Ends an import that has not ended */
  'POST /api/v1/imports/{id}/cancel': {
    params: {
      /** One segment. */
      id: string;
    };
    answer: {
      id: string;
      state: 'awaiting_upload' | 'queued' | 'running' | 'committing' | 'done' | 'failed' | 'cancelled';
      name: string;
      /** Format: date-time */
      created: string;
      created_by: string;
      started: string | null;
      ended: string | null;
      cancelling: boolean;
      options: {
        format: string | null;
        existing: 'skip' | 'overwrite' | 'merge' | 'fail';
        on_error: 'skip' | 'fail';
        dry_run: boolean;
        into: string | null;
        commit_pages: number | null;
        max_rows: number | null;
      };
      upload: {
        size: number;
        received: number;
        url: string;
        parts?: {
          number: number;
          size: number;
          method: string;
          url: string;
          headers: unknown;
          /** Format: date-time */
          expires: string;
        }[];
      } | null;
      progress: {
        bytes_read: number;
        bytes_total: number;
        percent: number;
        rows: number;
        written: number;
        attachments: number;
        unchanged: number;
        skipped: number;
        merged: number;
        failed: number;
        rows_per_second: number;
        seconds_left: number | null;
      };
      commits: string[];
      failures: {
        rows: {
          source: string;
          row: number;
        }[];
        code: string;
        message: string;
        place?: string;
      }[];
      left: string[];
      notes: string[];
      errors_url: string;
      failure: {
        code: string;
        message: string;
      } | null;
    };
  };
  /** Lists all rows that failed, one JSON text in a line */
  'GET /api/v1/imports/{id}/errors': {
    params: {
      /** One segment. */
      id: string;
    };
    /** Format: binary */
    answer: Blob;
  };
  /** Shows some of what a dry run came to */
  'GET /api/v1/imports/{id}/sample': {
    params: {
      /** One segment. */
      id: string;
    };
    answer: {
      sample: unknown[];
    };
  };
  /** Who the caller is, and what it may do */
  'GET /api/v1/me': {
    query?: {
      /** A page: what the caller may do there, too. */
      path?: string;
    };
    answer: {
      id: string;
      standing: 'anonymous' | 'registered' | 'approved' | 'admin' | 'operator';
      names: string[];
      author: {
        name: string;
        email: string;
      } | null;
      scope: {
        rights: string[];
        prefix: string | null;
      } | null;
      rights: {
        read: boolean;
        write: boolean;
        upload: boolean;
        admin: boolean;
      };
      at?: {
        path: string;
        rights: {
          read: boolean;
          write: boolean;
          upload: boolean;
          admin: boolean;
        };
      };
    };
  };
  /** Changes the name or the password of the user who asks */
  'PATCH /api/v1/me': {
    body: {
      /** Up to 50 letters, digits, spaces and ' - . , and not the name of nobody. Commits have it. */
      name?: string | null;
      /** The new one: 8 to 1,024 characters. */
      password?: string | null;
      /** Required with a new one. */
      current_password?: string | null;
    };
    answer: {
      id: string;
      name: string;
      email: string;
      email_confirmed: boolean;
      has_password: boolean;
      approved: boolean;
      admin: boolean;
      allow: ('read' | 'write' | 'upload')[];
      /** Format: date-time */
      first_seen: string;
      /** Format: date-time */
      last_seen: string | null;
      /** Format: date-time */
      locked: string | null;
    };
  };
  /** Shows a text as HTML, as a page with it would be shown */
  'POST /api/v1/render': {
    body: {
      /** Markdown, with or without frontmatter. */
      content: string;
      /** Page that it is for: its relative links are read from there. Default: a page at the root. */
      path?: string | null;
    };
    answer: {
      html: string;
      title: string | null;
      headings: {
        level: number;
        text: string;
        anchor: string;
      }[];
      needs: string[];
    };
  };
  /** Makes an empty wiki */
  'POST /api/v1/tenants': {
    body: {
      /** What stands in host names or paths: 1 to 63 lower-case letters, digits and hyphens. */
      name: string;
      /** For operators; up to 1,000 characters. */
      note?: string | null;
      /** Whom it belongs to, for operators. */
      owner?: string | null;
      limits?: {
        /** Most pages; 0: no limit; null: as configured. */
        pages?: number | null;
        /** Most bytes in the store, with the history; 0: no limit; null: as configured. */
        bytes?: number | null;
      };
      /** Makes a token with which its holder administers the wiki; the answer has it, this once. */
      token?: boolean | null;
    };
    answer: {
      tenant: {
        name: string;
        uuid: string;
        state: 'creating' | 'active' | 'suspended' | 'deleted' | 'sweeping';
        /** Format: date-time */
        created: string | null;
        /** Format: date-time */
        changed: string | null;
        note: string | null;
        owner: string | null;
        /** Format: date-time */
        deleted?: string;
        /** Format: date-time */
        removable?: string;
      };
      token?: string;
    };
  };
  /** Lists the wikis of the server by name */
  'GET /api/v1/tenants': {
    query?: {
      /** Most wikis of the answer; default and most 100. */
      limit?: number;
      /** `next_cursor` of the answer before. */
      cursor?: string;
    };
    answer: {
      tenants: {
        name: string;
        uuid: string;
        state: 'creating' | 'active' | 'suspended' | 'deleted' | 'sweeping';
        /** Format: date-time */
        created: string | null;
        /** Format: date-time */
        changed: string | null;
        note: string | null;
        owner: string | null;
        /** Format: date-time */
        deleted?: string;
        /** Format: date-time */
        removable?: string;
      }[];
      next_cursor?: string;
    };
  };
  /** Tells of a wiki: its state, how much it holds and may hold */
  'GET /api/v1/tenants/{name}': {
    params: {
      /** One segment. */
      name: string;
    };
    answer: {
      name: string;
      uuid: string;
      state: 'creating' | 'active' | 'suspended' | 'deleted' | 'sweeping';
      /** Format: date-time */
      created: string | null;
      /** Format: date-time */
      changed: string | null;
      note: string | null;
      owner: string | null;
      usage: {
        pages: number;
        bytes: number;
        limits: {
          pages: number;
          bytes: number;
        };
      } | null;
      /** Format: date-time */
      deleted?: string;
      /** Format: date-time */
      removable?: string;
    };
  };
  /** Suspends or resumes a wiki, changes its limits */
  'PATCH /api/v1/tenants/{name}': {
    params: {
      /** One segment. */
      name: string;
    };
    body: {
      state?: 'active' | 'suspended' | null;
      /** For operators; up to 1,000 characters. */
      note?: string | null;
      limits?: {
        /** Most pages; 0: no limit; null: as configured. */
        pages?: number | null;
        /** Most bytes in the store, with the history; 0: no limit; null: as configured. */
        bytes?: number | null;
      };
    };
    answer: {
      name: string;
      uuid: string;
      state: 'creating' | 'active' | 'suspended' | 'deleted' | 'sweeping';
      /** Format: date-time */
      created: string | null;
      /** Format: date-time */
      changed: string | null;
      note: string | null;
      owner: string | null;
      /** Format: date-time */
      deleted?: string;
      /** Format: date-time */
      removable?: string;
    };
  };
  /** Deletes a wiki: it is served no more, and can be undeleted until its grace is over */
  'DELETE /api/v1/tenants/{name}': {
    params: {
      /** One segment. */
      name: string;
    };
    query?: {
      /** Days of grace; default: as configured. */
      grace_days?: string;
    };
    answer: {
      name: string;
      uuid: string;
      state: 'creating' | 'active' | 'suspended' | 'deleted' | 'sweeping';
      /** Format: date-time */
      created: string | null;
      /** Format: date-time */
      changed: string | null;
      note: string | null;
      owner: string | null;
      /** Format: date-time */
      deleted?: string;
      /** Format: date-time */
      removable?: string;
    };
  };
  /** Takes the deletion of a wiki back */
  'POST /api/v1/tenants/{name}/undelete': {
    params: {
      /** One segment. */
      name: string;
    };
    answer: {
      name: string;
      uuid: string;
      state: 'creating' | 'active' | 'suspended' | 'deleted' | 'sweeping';
      /** Format: date-time */
      created: string | null;
      /** Format: date-time */
      changed: string | null;
      note: string | null;
      owner: string | null;
      /** Format: date-time */
      deleted?: string;
      /** Format: date-time */
      removable?: string;
    };
  };
  /** Makes a token of the caller */
  'POST /api/v1/tokens': {
    body: {
      /** 1 to 100 characters: what it is for. */
      name: string;
      /** As far as its owner may do that. `write` brings `read`, `upload` brings both, `admin` all. */
      rights: ('read' | 'write' | 'upload' | 'admin')[];
      /** Page path: only this page, and what is below it. Default: the whole wiki. */
      prefix?: string | null;
      /** ISO 8601 with a time zone. Default: never, or with the token that asks. */
      expires?: string | null;
      /** Whom its commits name, for operators to say. Default: its owner, or the wiki's author. */
      author?: {
        name: string;
        email: string;
      };
      /** For all wikis of the server, for operators to say. Default false. */
      all_wikis?: boolean | null;
    };
    answer: {
      token: string;
      id: string;
      name: string;
      owner: string;
      rights: ('read' | 'write' | 'upload' | 'admin')[];
      prefix: string | null;
      all_wikis: boolean;
      author: {
        name: string;
        email: string;
      } | null;
      /** Format: date-time */
      created: string;
      created_by: string;
      /** Format: date-time */
      expires: string | null;
      /** Format: date-time */
      revoked: string | null;
      /** Format: date-time */
      locked: string | null;
    };
  };
  /** Lists the caller's tokens, or all */
  'GET /api/v1/tokens': {
    query?: {
      /** `true`: those of everybody, for administrators. */
      all?: string;
      /** Most tokens of the answer; default and most 100. */
      limit?: number;
      /** `next_cursor` of the answer before. */
      cursor?: string;
    };
    answer: {
      tokens: {
        id: string;
        name: string;
        owner: string;
        rights: ('read' | 'write' | 'upload' | 'admin')[];
        prefix: string | null;
        all_wikis: boolean;
        author: {
          name: string;
          email: string;
        } | null;
        /** Format: date-time */
        created: string;
        created_by: string;
        /** Format: date-time */
        expires: string | null;
        /** Format: date-time */
        revoked: string | null;
        /** Format: date-time */
        locked: string | null;
      }[];
      next_cursor?: string;
    };
  };
  /** Reads what is known of a token */
  'GET /api/v1/tokens/{id}': {
    params: {
      /** One segment. */
      id: string;
    };
    answer: {
      id: string;
      name: string;
      owner: string;
      rights: ('read' | 'write' | 'upload' | 'admin')[];
      prefix: string | null;
      all_wikis: boolean;
      author: {
        name: string;
        email: string;
      } | null;
      /** Format: date-time */
      created: string;
      created_by: string;
      /** Format: date-time */
      expires: string | null;
      /** Format: date-time */
      revoked: string | null;
      /** Format: date-time */
      locked: string | null;
    };
  };
  /** Ends a token, and those that were made with it */
  'DELETE /api/v1/tokens/{id}': {
    params: {
      /** One segment. */
      id: string;
    };
    answer: {
      id: string;
      name: string;
      owner: string;
      rights: ('read' | 'write' | 'upload' | 'admin')[];
      prefix: string | null;
      all_wikis: boolean;
      author: {
        name: string;
        email: string;
      } | null;
      /** Format: date-time */
      created: string;
      created_by: string;
      /** Format: date-time */
      expires: string | null;
      /** Format: date-time */
      revoked: string | null;
      /** Format: date-time */
      locked: string | null;
    };
  };
  /** Makes a user; the first one administers the wiki */
  'POST /api/v1/users': {
    body: {
      /** Up to 50 letters, digits, spaces and ' - . , and not the name of nobody. Commits have it. */
      name: string;
      /** Nobody else has it, whatever the case. */
      email: string;
      /** Counts as APPROVED; otherwise as REGISTERED. */
      approved?: boolean | null;
      /** Administers the wiki; is approved, too. */
      admin?: boolean | null;
      /** Rights beyond what the areas of the wiki are open for; without effect until approved. */
      allow?: ('read' | 'write' | 'upload')[];
      /** 8 to 1,024 characters. */
      password?: string | null;
      /** In its place: what Kittiwake or Otterwiki made of one. */
      password_hash?: string | null;
      /** One is made; the answer has it, this once. */
      generate_password?: boolean | null;
    };
    answer: {
      id: string;
      name: string;
      email: string;
      email_confirmed: boolean;
      has_password: boolean;
      approved: boolean;
      admin: boolean;
      allow: ('read' | 'write' | 'upload')[];
      /** Format: date-time */
      first_seen: string;
      /** Format: date-time */
      last_seen: string | null;
      /** Format: date-time */
      locked: string | null;
      password?: string;
    };
  };
  /** Lists the users by e-mail */
  'GET /api/v1/users': {
    query?: {
      /** Most users of the answer; default and most 200. */
      limit?: number;
      /** `next_cursor` of the answer before. */
      cursor?: string;
    };
    answer: {
      users: {
        id: string;
        name: string;
        email: string;
        email_confirmed: boolean;
        has_password: boolean;
        approved: boolean;
        admin: boolean;
        allow: ('read' | 'write' | 'upload')[];
        /** Format: date-time */
        first_seen: string;
        /** Format: date-time */
        last_seen: string | null;
        /** Format: date-time */
        locked: string | null;
      }[];
      next_cursor?: string;
    };
  };
  /** Reads a user */
  'GET /api/v1/users/{id}': {
    params: {
      /** One segment. */
      id: string;
    };
    answer: {
      id: string;
      name: string;
      email: string;
      email_confirmed: boolean;
      has_password: boolean;
      approved: boolean;
      admin: boolean;
      allow: ('read' | 'write' | 'upload')[];
      /** Format: date-time */
      first_seen: string;
      /** Format: date-time */
      last_seen: string | null;
      /** Format: date-time */
      locked: string | null;
    };
  };
  /** Changes a user: its rights, its name, whether it is locked */
  'PATCH /api/v1/users/{id}': {
    params: {
      /** One segment. */
      id: string;
    };
    body: {
      /** Up to 50 letters, digits, spaces and ' - . , and not the name of nobody. Commits have it. */
      name?: string | null;
      /** Rules that name the address before do not mean this user any more. */
      email?: string | null;
      /** Rules that name the address mean this user. */
      email_confirmed?: boolean | null;
      /** Counts as APPROVED; otherwise as REGISTERED. */
      approved?: boolean | null;
      /** Administers the wiki; is approved, too. */
      admin?: boolean | null;
      /** Rights beyond what the areas of the wiki are open for; without effect until approved. */
      allow?: ('read' | 'write' | 'upload')[];
      /** Neither the password nor the tokens of the user are accepted. */
      locked?: boolean | null;
    };
    answer: {
      id: string;
      name: string;
      email: string;
      email_confirmed: boolean;
      has_password: boolean;
      approved: boolean;
      admin: boolean;
      allow: ('read' | 'write' | 'upload')[];
      /** Format: date-time */
      first_seen: string;
      /** Format: date-time */
      last_seen: string | null;
      /** Format: date-time */
      locked: string | null;
    };
  };
  /** Deletes a user; its tokens are refused, its commits keep its name */
  'DELETE /api/v1/users/{id}': {
    params: {
      /** One segment. */
      id: string;
    };
    answer: {
      deleted: true;
      id: string;
    };
  };
  /** Sets, makes or removes a user's password */
  'POST /api/v1/users/{id}/password': {
    params: {
      /** One segment. */
      id: string;
    };
    body: {
      /** 8 to 1,024 characters. */
      password?: string | null;
      /** In its place: what Kittiwake or Otterwiki made of one. */
      password_hash?: string | null;
      /** One is made; the answer has it, this once. */
      generate_password?: boolean | null;
      /** The user cannot log in by password any more. */
      remove_password?: boolean | null;
    };
    answer: {
      id: string;
      name: string;
      email: string;
      email_confirmed: boolean;
      has_password: boolean;
      approved: boolean;
      admin: boolean;
      allow: ('read' | 'write' | 'upload')[];
      /** Format: date-time */
      first_seen: string;
      /** Format: date-time */
      last_seen: string | null;
      /** Format: date-time */
      locked: string | null;
      password?: string;
    };
  };
  /** Lists what was changed by those who administer, newest first */
  'GET /api/v1/audit': {
    query?: {
      /** Only of this one: `user:ID`, `token:ID`, `api-key`, `command-line`. */
      actor?: string;
      /** Only this: `user.create`; or all of a thing: `user.` */
      action?: string;
      /** Most entries of the answer; default and most 200. */
      limit?: number;
      /** `next_cursor` of the answer before. */
      cursor?: string;
    };
    answer: {
      entries: {
        id: string;
        /** Format: date-time */
        at: string;
        actor: string;
        action: string;
        subject: string;
        detail: Record<string, never>;
        outcome: 'begun' | 'done' | 'failed' | 'unknown';
        code: string | null;
        /** Format: date-time */
        ended: string | null;
      }[];
      next_cursor?: string;
    };
  };
  /** Names what is to be tidied up */
  'GET /api/v1/reports/{report}': {
    params: {
      /** One segment. */
      report: string;
    };
    query?: {
      /** Most pages of the answer; default and most 1,000, of broken-links 100. */
      limit?: number;
      /** `next_cursor` of the answer before. */
      cursor?: string;
    };
    answer: {
      report: string;
      pages: (
        | {
            path: string;
            name: string;
            links: {
              link: string;
              target: string | null;
              suggestion: string | null;
            }[];
            total: number;
          }
        | {
            path: string;
            name: string;
          }
        | {
            path: string;
            links: number;
            linked_from: string[];
          }
      )[];
      total: number;
      next_cursor?: string;
    };
  };
  /** Tells how far search, site and messages follow the commits */
  'GET /api/v1/projections': {
    answer: {
      projections: {
        name: string;
        off: boolean;
        revision: string | null;
        head: string | null;
        behind: {
          commits: number;
          seconds: number;
        } | null;
        set_aside: {
          item: string;
          code: string;
          message: string;
          /** Format: date-time */
          since: string;
          /** Format: date-time */
          next_attempt: string;
          attempts: number;
        }[];
        dropped: number;
        failure: {
          code: string;
          message: string;
        } | null;
      }[];
    };
  };
  /** Lists what happened in the wiki, oldest first */
  'GET /api/v1/changes': {
    query?: {
      /** `cursor` of an answer before, or the id of an event; `start`: from the first commit on. Default: the newest events. */
      since?: string;
      /** Most events of the answer; default 100, most 1,000. */
      limit?: number;
    };
    answer: {
      events: {
        id: string;
        type:
          | 'page_created'
          | 'page_updated'
          | 'page_deleted'
          | 'page_renamed'
          | 'attachment_saved'
          | 'attachment_deleted';
        commit: string;
        author: string;
        /** Format: date-time */
        date: string;
        message: string;
        path: string;
        from?: string;
      }[];
      cursor: string;
      more: boolean;
    };
  };
  /** Has a URL told of what happens in the wiki */
  'POST /api/v1/webhooks': {
    body: {
      /** Of https or http, at public addresses. */
      url: string;
      /** What it is for, up to 200 characters. */
      description?: string | null;
      /** What it is told of. Default, and where it is empty: everything. */
      events?: (
        | 'page_created'
        | 'page_updated'
        | 'page_deleted'
        | 'page_renamed'
        | 'attachment_saved'
        | 'attachment_deleted'
        | 'history_changed'
      )[];
      /** Path: only this page, and what is below it. Default: the whole wiki. */
      prefix?: string | null;
      /** `whsec_` and the base64 of 24 to 64 bytes. Default: one is made. */
      secret?: string | null;
      /** Default true. */
      active?: boolean | null;
    };
    answer: {
      id: string;
      url: string;
      description: string;
      events: string[];
      prefix: string;
      active: boolean;
      stopped: {
        /** Format: date-time */
        time: string;
        code: string;
      } | null;
      /** Format: date-time */
      created: string;
      created_by: string;
      /** Format: date-time */
      changed: string;
      secret: string;
    };
  };
  /** Lists the webhooks */
  'GET /api/v1/webhooks': {
    answer: {
      webhooks: {
        id: string;
        url: string;
        description: string;
        events: string[];
        prefix: string;
        active: boolean;
        stopped: {
          /** Format: date-time */
          time: string;
          code: string;
        } | null;
        /** Format: date-time */
        created: string;
        created_by: string;
        /** Format: date-time */
        changed: string;
      }[];
    };
  };
  /** Reads a webhook */
  'GET /api/v1/webhooks/{id}': {
    params: {
      /** One segment. */
      id: string;
    };
    answer: {
      id: string;
      url: string;
      description: string;
      events: string[];
      prefix: string;
      active: boolean;
      stopped: {
        /** Format: date-time */
        time: string;
        code: string;
      } | null;
      /** Format: date-time */
      created: string;
      created_by: string;
      /** Format: date-time */
      changed: string;
    };
  };
  /** Changes a webhook */
  'PATCH /api/v1/webhooks/{id}': {
    params: {
      /** One segment. */
      id: string;
    };
    body: {
      /** Of https or http, at public addresses. */
      url?: string | null;
      /** What it is for, up to 200 characters. */
      description?: string | null;
      /** What it is told of. Default, and where it is empty: everything. */
      events?: (
        | 'page_created'
        | 'page_updated'
        | 'page_deleted'
        | 'page_renamed'
        | 'attachment_saved'
        | 'attachment_deleted'
        | 'history_changed'
      )[];
      /** Path: only this page, and what is below it. Default: the whole wiki. */
      prefix?: string | null;
      /** `whsec_` and the base64 of 24 to 64 bytes. Default: one is made. */
      secret?: string | null;
      /** Made active again, it is told of what comes after. */
      active?: boolean | null;
      /** Makes a new secret and shows it this once; the old one signs as well for a day. */
      renew_secret?: boolean | null;
    };
    answer: {
      id: string;
      url: string;
      description: string;
      events: string[];
      prefix: string;
      active: boolean;
      stopped: {
        /** Format: date-time */
        time: string;
        code: string;
      } | null;
      /** Format: date-time */
      created: string;
      created_by: string;
      /** Format: date-time */
      changed: string;
      secret?: string;
    };
  };
  /** Deletes a webhook */
  'DELETE /api/v1/webhooks/{id}': {
    params: {
      /** One segment. */
      id: string;
    };
    answer: {
      id: string;
      url: string;
      description: string;
      events: string[];
      prefix: string;
      active: boolean;
      stopped: {
        /** Format: date-time */
        time: string;
        code: string;
      } | null;
      /** Format: date-time */
      created: string;
      created_by: string;
      /** Format: date-time */
      changed: string;
    };
  };
  /** Sends a webhook something to try it */
  'POST /api/v1/webhooks/{id}/ping': {
    params: {
      /** One segment. */
      id: string;
    };
    answer: {
      delivery: string;
    };
  };
  /** Lists what a webhook was told, or is to be told */
  'GET /api/v1/webhooks/{id}/deliveries': {
    params: {
      /** One segment. */
      id: string;
    };
    query?: {
      /** `waiting`, `sent` or `dead` (given up). Default: all. */
      state?: string;
      /** Most deliveries of the answer; default and most 100. */
      limit?: number;
      /** `next_cursor` of the answer before. */
      cursor?: string;
    };
    answer: {
      deliveries: {
        id: string;
        event: string;
        type: string;
        state: 'waiting' | 'sending' | 'sent' | 'dead';
        attempts: number;
        possibly_doubled: number;
        next_attempt: string | null;
        last_attempt: {
          /** Format: date-time */
          time: string;
          code: string | null;
          status?: number;
          reason?: string;
          duration_ms?: number;
        } | null;
        replay_of: string | null;
        replayed_as: string | null;
      }[];
      next_cursor?: string;
    };
  };
  /** Sends once more what was sent, or given up */
  'POST /api/v1/webhooks/{id}/deliveries/{delivery}/replay': {
    params: {
      /** One segment. */
      id: string;
      /** One segment. */
      delivery: string;
    };
    answer: {
      delivery: string;
    };
  };
  /** Names a repository of another host, to pull from and to push to */
  'POST /api/v1/remotes': {
    body: {
      /** Up to 50 lower-case letters, digits and hyphens. */
      name: string;
      /** Of https, without user name and password; of http at addresses that `KITTIWAKE_REMOTE_ALLOW` names. */
      url: string;
      /** Branch there. Default: that of its HEAD, or `main` in an empty repository. */
      branch?: string | null;
      /** Commits are pulled from it. Default: true, unless `push` is set. */
      pull?: boolean | null;
      /** Commits are pushed to it, never by force. Default false. */
      push?: boolean | null;
      /** Minutes from one run to the next, up to 44640. Default 0: none by schedule. */
      every_minutes?: number | null;
      /** Pushes after commits of the wiki. Default false. */
      after_commits?: boolean | null;
      /** Pulls when the path `hook` is called. Default false. */
      webhook?: boolean | null;
      /**
       * Whose version stays where both have changed the same; the other one is kept aside. Default `ours`.
       */
      prefer?: 'ours' | 'theirs' | null;
      /** Name of what `KITTIWAKE_REMOTE_CREDENTIALS` holds. Default, and where it is empty: none. */
      credentials?: string | null;
      /** Something is done of itself. Default true. */
      active?: boolean | null;
    };
    answer: {
      name: string;
      url: string;
      branch: string;
      pull: boolean;
      push: boolean;
      every_minutes: number;
      after_commits: boolean;
      webhook: boolean;
      hook: string | null;
      prefer: 'ours' | 'theirs';
      credentials: string;
      active: boolean;
      /** Format: date-time */
      created: string;
      created_by: string;
      /** Format: date-time */
      changed: string;
      running: boolean;
      requested: boolean;
      last_attempt: string | null;
      last_success: string | null;
      next_attempt: string | null;
      failures: number;
      last_error: {
        /** Format: date-time */
        time: string;
        code: string;
        message: string;
      } | null;
      last_result: {
        time: string | null;
        pull: {
          outcome: 'up_to_date' | 'fast_forward' | 'merged' | 'conflicts' | 'empty';
          commits: number;
          theirs: string | null;
          head: string | null;
        } | null;
        push: {
          outcome: 'up_to_date' | 'pushed' | 'empty';
          before: string | null;
          after: string | null;
        } | null;
      } | null;
      ahead: number | null;
      behind: number | null;
      conflicts: {
        id: string;
        /** Format: date-time */
        time: string;
        ours: string;
        theirs: string;
        ref: string;
        merge: string | null;
        paths: {
          path: string;
          kind:
            | 'edited'
            | 'added'
            | 'deleted_here'
            | 'deleted_there'
            | 'renamed_twice'
            | 'file_and_folder'
            | 'case';
          other: string | null;
        }[];
        more: number;
      }[];
    };
  };
  /** Lists the remotes, with how their last runs went */
  'GET /api/v1/remotes': {
    answer: {
      remotes: {
        name: string;
        url: string;
        branch: string;
        pull: boolean;
        push: boolean;
        every_minutes: number;
        after_commits: boolean;
        webhook: boolean;
        hook: string | null;
        prefer: 'ours' | 'theirs';
        credentials: string;
        active: boolean;
        /** Format: date-time */
        created: string;
        created_by: string;
        /** Format: date-time */
        changed: string;
        running: boolean;
        requested: boolean;
        last_attempt: string | null;
        last_success: string | null;
        next_attempt: string | null;
        failures: number;
        last_error: {
          /** Format: date-time */
          time: string;
          code: string;
          message: string;
        } | null;
        last_result: {
          time: string | null;
          pull: {
            outcome: 'up_to_date' | 'fast_forward' | 'merged' | 'conflicts' | 'empty';
            commits: number;
            theirs: string | null;
            head: string | null;
          } | null;
          push: {
            outcome: 'up_to_date' | 'pushed' | 'empty';
            before: string | null;
            after: string | null;
          } | null;
        } | null;
        ahead: number | null;
        behind: number | null;
        conflicts: {
          id: string;
          /** Format: date-time */
          time: string;
          ours: string;
          theirs: string;
          ref: string;
          merge: string | null;
          paths: {
            path: string;
            kind:
              | 'edited'
              | 'added'
              | 'deleted_here'
              | 'deleted_there'
              | 'renamed_twice'
              | 'file_and_folder'
              | 'case';
            other: string | null;
          }[];
          more: number;
        }[];
      }[];
    };
  };
  /** Reads a remote, with how its last runs went */
  'GET /api/v1/remotes/{name}': {
    params: {
      /** One segment. */
      name: string;
    };
    answer: {
      name: string;
      url: string;
      branch: string;
      pull: boolean;
      push: boolean;
      every_minutes: number;
      after_commits: boolean;
      webhook: boolean;
      hook: string | null;
      prefer: 'ours' | 'theirs';
      credentials: string;
      active: boolean;
      /** Format: date-time */
      created: string;
      created_by: string;
      /** Format: date-time */
      changed: string;
      running: boolean;
      requested: boolean;
      last_attempt: string | null;
      last_success: string | null;
      next_attempt: string | null;
      failures: number;
      last_error: {
        /** Format: date-time */
        time: string;
        code: string;
        message: string;
      } | null;
      last_result: {
        time: string | null;
        pull: {
          outcome: 'up_to_date' | 'fast_forward' | 'merged' | 'conflicts' | 'empty';
          commits: number;
          theirs: string | null;
          head: string | null;
        } | null;
        push: {
          outcome: 'up_to_date' | 'pushed' | 'empty';
          before: string | null;
          after: string | null;
        } | null;
      } | null;
      ahead: number | null;
      behind: number | null;
      conflicts: {
        id: string;
        /** Format: date-time */
        time: string;
        ours: string;
        theirs: string;
        ref: string;
        merge: string | null;
        paths: {
          path: string;
          kind:
            | 'edited'
            | 'added'
            | 'deleted_here'
            | 'deleted_there'
            | 'renamed_twice'
            | 'file_and_folder'
            | 'case';
          other: string | null;
        }[];
        more: number;
      }[];
    };
  };
  /** Changes a remote */
  'PATCH /api/v1/remotes/{name}': {
    params: {
      /** One segment. */
      name: string;
    };
    body: {
      /** Of https, without user name and password; of http at addresses that `KITTIWAKE_REMOTE_ALLOW` names. */
      url?: string | null;
      /** Branch there. Default: that of its HEAD, or `main` in an empty repository. */
      branch?: string | null;
      /** Commits are pulled from it. Default: true, unless `push` is set. */
      pull?: boolean | null;
      /** Commits are pushed to it, never by force. Default false. */
      push?: boolean | null;
      /** Minutes from one run to the next, up to 44640. Default 0: none by schedule. */
      every_minutes?: number | null;
      /** Pushes after commits of the wiki. Default false. */
      after_commits?: boolean | null;
      /** Pulls when the path `hook` is called. Default false. */
      webhook?: boolean | null;
      /**
       * Whose version stays where both have changed the same; the other one is kept aside. Default `ours`.
       */
      prefer?: 'ours' | 'theirs' | null;
      /** Name of what `KITTIWAKE_REMOTE_CREDENTIALS` holds. Default, and where it is empty: none. */
      credentials?: string | null;
      /** Something is done of itself. Default true. */
      active?: boolean | null;
    };
    answer: {
      name: string;
      url: string;
      branch: string;
      pull: boolean;
      push: boolean;
      every_minutes: number;
      after_commits: boolean;
      webhook: boolean;
      hook: string | null;
      prefer: 'ours' | 'theirs';
      credentials: string;
      active: boolean;
      /** Format: date-time */
      created: string;
      created_by: string;
      /** Format: date-time */
      changed: string;
      running: boolean;
      requested: boolean;
      last_attempt: string | null;
      last_success: string | null;
      next_attempt: string | null;
      failures: number;
      last_error: {
        /** Format: date-time */
        time: string;
        code: string;
        message: string;
      } | null;
      last_result: {
        time: string | null;
        pull: {
          outcome: 'up_to_date' | 'fast_forward' | 'merged' | 'conflicts' | 'empty';
          commits: number;
          theirs: string | null;
          head: string | null;
        } | null;
        push: {
          outcome: 'up_to_date' | 'pushed' | 'empty';
          before: string | null;
          after: string | null;
        } | null;
      } | null;
      ahead: number | null;
      behind: number | null;
      conflicts: {
        id: string;
        /** Format: date-time */
        time: string;
        ours: string;
        theirs: string;
        ref: string;
        merge: string | null;
        paths: {
          path: string;
          kind:
            | 'edited'
            | 'added'
            | 'deleted_here'
            | 'deleted_there'
            | 'renamed_twice'
            | 'file_and_folder'
            | 'case';
          other: string | null;
        }[];
        more: number;
      }[];
    };
  };
  /** Forgets a remote */
  'DELETE /api/v1/remotes/{name}': {
    params: {
      /** One segment. */
      name: string;
    };
    answer: {
      name: string;
      url: string;
      branch: string;
      pull: boolean;
      push: boolean;
      every_minutes: number;
      after_commits: boolean;
      webhook: boolean;
      hook: string | null;
      prefer: 'ours' | 'theirs';
      credentials: string;
      active: boolean;
      /** Format: date-time */
      created: string;
      created_by: string;
      /** Format: date-time */
      changed: string;
      running: boolean;
      requested: boolean;
      last_attempt: string | null;
      last_success: string | null;
      next_attempt: string | null;
      failures: number;
      last_error: {
        /** Format: date-time */
        time: string;
        code: string;
        message: string;
      } | null;
      last_result: {
        time: string | null;
        pull: {
          outcome: 'up_to_date' | 'fast_forward' | 'merged' | 'conflicts' | 'empty';
          commits: number;
          theirs: string | null;
          head: string | null;
        } | null;
        push: {
          outcome: 'up_to_date' | 'pushed' | 'empty';
          before: string | null;
          after: string | null;
        } | null;
      } | null;
      ahead: number | null;
      behind: number | null;
      conflicts: {
        id: string;
        /** Format: date-time */
        time: string;
        ours: string;
        theirs: string;
        ref: string;
        merge: string | null;
        paths: {
          path: string;
          kind:
            | 'edited'
            | 'added'
            | 'deleted_here'
            | 'deleted_there'
            | 'renamed_twice'
            | 'file_and_folder'
            | 'case';
          other: string | null;
        }[];
        more: number;
      }[];
    };
  };
  /** Tells of a conflict no more */
  'DELETE /api/v1/remotes/{name}/conflicts/{conflict}': {
    params: {
      /** One segment. */
      name: string;
      /** One segment. */
      conflict: string;
    };
    body?: {
      /** Removes the side branch, too. Default false. */
      delete_branch?: boolean | null;
    };
    answer: {
      name: string;
      url: string;
      branch: string;
      pull: boolean;
      push: boolean;
      every_minutes: number;
      after_commits: boolean;
      webhook: boolean;
      hook: string | null;
      prefer: 'ours' | 'theirs';
      credentials: string;
      active: boolean;
      /** Format: date-time */
      created: string;
      created_by: string;
      /** Format: date-time */
      changed: string;
      running: boolean;
      requested: boolean;
      last_attempt: string | null;
      last_success: string | null;
      next_attempt: string | null;
      failures: number;
      last_error: {
        /** Format: date-time */
        time: string;
        code: string;
        message: string;
      } | null;
      last_result: {
        time: string | null;
        pull: {
          outcome: 'up_to_date' | 'fast_forward' | 'merged' | 'conflicts' | 'empty';
          commits: number;
          theirs: string | null;
          head: string | null;
        } | null;
        push: {
          outcome: 'up_to_date' | 'pushed' | 'empty';
          before: string | null;
          after: string | null;
        } | null;
      } | null;
      ahead: number | null;
      behind: number | null;
      conflicts: {
        id: string;
        /** Format: date-time */
        time: string;
        ours: string;
        theirs: string;
        ref: string;
        merge: string | null;
        paths: {
          path: string;
          kind:
            | 'edited'
            | 'added'
            | 'deleted_here'
            | 'deleted_there'
            | 'renamed_twice'
            | 'file_and_folder'
            | 'case';
          other: string | null;
        }[];
        more: number;
      }[];
    };
  };
  /** Pulls from a remote */
  'POST /api/v1/remotes/{name}/pull': {
    params: {
      /** One segment. */
      name: string;
    };
    body?: {
      /** Merges a history that was replaced over there, too. Default false. */
      accept_rewritten?: boolean | null;
    };
    answer:
      | {
          status: 'done';
          time: string | null;
          pull: {
            outcome: 'up_to_date' | 'fast_forward' | 'merged' | 'conflicts' | 'empty';
            commits: number;
            theirs: string | null;
            head: string | null;
          } | null;
          push: {
            outcome: 'up_to_date' | 'pushed' | 'empty';
            before: string | null;
            after: string | null;
          } | null;
        }
      | {
          status: 'pending';
          time: string | null;
          pull: {
            outcome: 'up_to_date' | 'fast_forward' | 'merged' | 'conflicts' | 'empty';
            commits: number;
            theirs: string | null;
            head: string | null;
          } | null;
          push: {
            outcome: 'up_to_date' | 'pushed' | 'empty';
            before: string | null;
            after: string | null;
          } | null;
        };
  };
  /** Pushes to a remote */
  'POST /api/v1/remotes/{name}/push': {
    params: {
      /** One segment. */
      name: string;
    };
    body?: {
      /** Merges a history that was replaced over there, too. Default false. */
      accept_rewritten?: boolean | null;
    };
    answer:
      | {
          status: 'done';
          time: string | null;
          pull: {
            outcome: 'up_to_date' | 'fast_forward' | 'merged' | 'conflicts' | 'empty';
            commits: number;
            theirs: string | null;
            head: string | null;
          } | null;
          push: {
            outcome: 'up_to_date' | 'pushed' | 'empty';
            before: string | null;
            after: string | null;
          } | null;
        }
      | {
          status: 'pending';
          time: string | null;
          pull: {
            outcome: 'up_to_date' | 'fast_forward' | 'merged' | 'conflicts' | 'empty';
            commits: number;
            theirs: string | null;
            head: string | null;
          } | null;
          push: {
            outcome: 'up_to_date' | 'pushed' | 'empty';
            before: string | null;
            after: string | null;
          } | null;
        };
  };
  /** Pulls from the remotes that this webhook is of */
  'POST /api/v1/pull/{hash}': {
    params: {
      /** One segment. */
      hash: string;
    };
    answer: {
      status: 'success' | 'pending' | 'error';
      message: string;
      code?: string;
      /** Format: date-time */
      time?: string;
    };
  };
  /** The same, for callers that know GET only */
  'GET /api/v1/pull/{hash}': {
    params: {
      /** One segment. */
      hash: string;
    };
    answer: {
      status: 'success' | 'pending' | 'error';
      message: string;
      code?: string;
      /** Format: date-time */
      time?: string;
    };
  };
  /** Tells how the last pull of a webhook went */
  'GET /api/v1/pull/{hash}/status': {
    params: {
      /** One segment. */
      hash: string;
    };
    answer: {
      status: 'success' | 'pending' | 'error';
      message: string;
      code?: string;
      /** Format: date-time */
      time?: string;
    };
  };
};
