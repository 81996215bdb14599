/** Checks of the official suite that fail by right, and why. */
export interface NotApplicable {
  why: string;
  revisions: readonly string[];
  /** `<scenario>: <check>` */
  checks: readonly string[];
}

const OLD = '2025-11-25';
const NEW = '2026-07-28';
const BOTH = [OLD, NEW];

/** The suite was made for a server of examples; what it asks of that by name is nowhere else. */
export const NOT_APPLICABLE: readonly NotApplicable[] = [
  {
    why: 'calls a tool of the server of examples',
    revisions: BOTH,
    checks: [
      'tools-call-simple-text: tools-call-simple-text',
      'tools-call-image: tools-call-image',
      'tools-call-audio: tools-call-audio',
      'tools-call-embedded-resource: tools-call-embedded-resource',
      'tools-call-mixed-content: tools-call-mixed-content',
      'tools-call-error: tools-call-error',
      'tools-call-with-progress: tools-call-with-progress',
      'json-schema-2020-12: json-schema-2020-12-tool-found',
    ],
  },
  {
    why: 'reads a resource of the server of examples',
    revisions: BOTH,
    checks: [
      'resources-read-text: resources-read-text',
      'resources-read-binary: resources-read-binary',
      'resources-templates-read: resources-templates-read',
    ],
  },
  {
    why: 'there are no prompts',
    revisions: BOTH,
    checks: [
      'prompts-list: prompts-list',
      'prompts-get-simple: prompts-get-simple',
      'prompts-get-with-args: prompts-get-with-args',
      'prompts-get-embedded-resource: prompts-get-embedded-resource',
      'prompts-get-with-image: prompts-get-with-image',
    ],
  },
  {
    why: 'there are no prompts',
    revisions: [NEW],
    checks: ['caching: sep-2549-prompts-list-caching-hints'],
  },
  {
    why: 'nothing is subscribed to: there is no connection to send it over',
    revisions: [OLD],
    checks: ['resources-subscribe: resources-subscribe', 'resources-unsubscribe: resources-unsubscribe'],
  },
  {
    why: 'the log is for who runs the server',
    revisions: [OLD],
    checks: ['logging-set-level: logging-set-level', 'tools-call-with-logging: tools-call-with-logging'],
  },
  {
    why: 'the log is for who runs the server',
    revisions: [NEW],
    checks: ['server-stateless: sep-2575-server-no-log-without-loglevel'],
  },
  {
    why: 'nothing is asked of the client while a tool runs',
    revisions: [OLD],
    checks: [
      'tools-call-sampling: tools-call-sampling',
      'tools-call-elicitation: tools-call-elicitation',
      'elicitation-sep1034-defaults: elicitation-sep1034-general',
      'elicitation-sep1330-enums: elicitation-sep1330-general',
    ],
  },
  {
    why: 'nothing is asked of the client while a tool runs',
    revisions: [NEW],
    checks: [
      'server-stateless: sep-2575-server-rejects-undeclared-capability',
      'server-stateless: sep-2575-missing-capability-http-400',
      'server-stateless: sep-2575-http-server-no-independent-requests-on-stream',
      'input-required-result-basic-elicitation: sep-2322-elicitation-incomplete',
      'input-required-result-basic-sampling: sep-2322-sampling-incomplete',
      'input-required-result-basic-list-roots: sep-2322-list-roots-incomplete',
      'input-required-result-request-state: sep-2322-request-state-incomplete',
      'input-required-result-multiple-input-requests: sep-2322-multiple-inputs-incomplete',
      'input-required-result-multi-round: sep-2322-multi-round-r1',
      'input-required-result-non-tool-request: sep-2322-non-tool-incomplete',
      'input-required-result-result-type: sep-2322-result-type-included',
      'input-required-result-tampered-state: sep-2322-reject-tampered-state',
      'input-required-result-capability-check: sep-2322-respect-client-capabilities',
    ],
  },
  {
    why: 'no tool has an argument that is repeated in a header',
    revisions: [NEW],
    checks: [
      'http-custom-header-server-validation: sep-2243-server-no-xmcp-tool',
      'http-custom-header-server-validation: sep-2243-server-decode-base64',
      'http-custom-header-server-validation: sep-2243-server-validate-param-match',
      'http-custom-header-server-validation: sep-2243-server-reject-invalid-param-chars',
      'http-custom-header-server-validation: sep-2243-server-reject-param-mismatch',
    ],
  },
];
