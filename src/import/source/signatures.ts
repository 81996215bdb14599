/** What files that are no text begin with. */
const SIGNATURES: readonly (readonly [hex: string, found: string, at?: number])[] = [
  ['504b0304', 'zip'],
  ['504b0506', 'zip'],
  ['504b0708', 'zip'],
  ['23207632206769742062756e646c65', 'bundle'],
  ['23207633206769742062756e646c65', 'bundle'],
  [
    'd0cf11e0a1b11ae1',
    'it is an old Office file (.xls, .doc) or a workbook with a password; save it as XLSX without a password, or as CSV',
  ],
  ['25504446', 'it is a PDF; it holds no rows'],
  ['377abcaf271c', 'it is a 7z archive; unpack it, or pack it as ZIP'],
  ['526172211a07', 'it is a RAR archive; unpack it, or pack it as ZIP'],
  ['7573746172', 'it is a tar archive; unpack it and import the folder, or pack it as ZIP', 257],
  ['425a68', 'it is packed with bzip2; unpack it, or pack it with gzip'],
  ['fd377a585a00', 'it is packed with xz; unpack it, or pack it with gzip'],
  ['28b52ffd', 'it is packed with zstd; unpack it, or pack it with gzip'],
  ['1f8b', 'it is packed with gzip twice; unpack it once'],
  ['89504e470d0a1a0a', 'it is a PNG picture'],
  ['ffd8ff', 'it is a JPEG picture'],
  ['47494638', 'it is a GIF picture'],
  ['53514c69746520666f726d6174203300', 'it is an SQLite database; export its table as CSV'],
  ['50415231', 'it is a Parquet file; export it as CSV or NDJSON'],
  ['7f454c46', 'it is a program'],
  ['4d5a9000', 'it is a program'],
];

const XML = /^\s*<(?:\?xml|!doctype|html|mediawiki)/i;

/** `zip`, `bundle`, or why anything else cannot be imported; undefined for what looks like a text of rows. */
export function binaryNamed(head: Buffer): string | undefined {
  for (const [hex, found, at = 0] of SIGNATURES) {
    const bytes = Buffer.from(hex, 'hex');
    if (head.subarray(at, at + bytes.length).equals(bytes)) return found;
  }
  const isXml = XML.test(head.toString('latin1', 0, 1024).replace(/^\xef\xbb\xbf/, ''));
  return isXml ? 'it is XML or HTML; export it as CSV, NDJSON or Markdown' : undefined;
}
