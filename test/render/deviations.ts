/** Why an example of the specification comes out otherwise. */
const OFF_THE_LIST = 'tags and attributes off the allow-list are removed';
const OPAQUE = 'tags of elements whose content is not read as HTML are shown, as in GFM; CDATA is removed';
const CLOSED = 'what raw HTML leaves open is closed at the end of its block';
const SCHEME = 'addresses have a scheme of the list';
const WIKI_LINK = '`[[…]]` is a link to a page of the wiki, `![[…]]` puts it in';
const BARE = 'addresses without brackets are links, as in GFM';
const ADDRESS = 'tabs and newlines in addresses are taken out, as browsers do';
const LANGUAGE = 'character references in the language of a fence are kept as they are';
const MARKED = 'marked drops a newline behind raw HTML';

/** Examples of CommonMark 0.31.2 by number. The suite fails when one of them begins to conform, or another one ceases to. */
export const COMMONMARK_DEVIATIONS: Readonly<Record<number, string>> = {
  34: LANGUAGE,
  148: MARKED,
  150: OFF_THE_LIST,
  152: OFF_THE_LIST,
  153: OFF_THE_LIST,
  154: OFF_THE_LIST,
  163: OFF_THE_LIST,
  164: OFF_THE_LIST,
  169: OFF_THE_LIST,
  170: OPAQUE,
  171: OPAQUE,
  172: OPAQUE,
  173: OPAQUE,
  176: OPAQUE,
  178: OPAQUE,
  187: CLOSED,
  201: OFF_THE_LIST,
  344: CLOSED,
  476: CLOSED,
  477: CLOSED,
  491: OFF_THE_LIST,
  494: CLOSED,
  524: OFF_THE_LIST,
  536: OFF_THE_LIST,
  548: WIKI_LINK,
  559: WIKI_LINK,
  590: WIKI_LINK,
  598: SCHEME,
  599: SCHEME,
  601: SCHEME,
  602: BARE,
  608: BARE,
  611: BARE,
  612: BARE,
  613: OFF_THE_LIST,
  614: OFF_THE_LIST,
  615: OFF_THE_LIST,
  616: OFF_THE_LIST,
  617: OFF_THE_LIST,
  629: OPAQUE,
  630: CLOSED,
  631: CLOSED,
  642: CLOSED,
  643: ADDRESS,
};
