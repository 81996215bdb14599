/** What an error says of where something went wrong. */
export interface Place {
  /** `s3://bucket/prefix`. */
  location: string;
  bucket: string;
  region: string;
  /** Where requests go: `https://bucket.s3.eu-central-1.amazonaws.com`. */
  endpoint: string;
}

/** What was being done when it went wrong: `Reading`, the key. */
export interface Doing {
  action: string;
  key: string;
}
