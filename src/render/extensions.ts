import { fancyBlock } from './block/fancy-block.ts';
import { fold, spoiler } from './block/spoiler.ts';
import { code } from './code-extension.ts';
import { embedding } from './embed/embedding.ts';
import { transclusion } from './embed/transclusion.ts';
import type { Extension } from './extension.ts';
import { abbreviation } from './inline/abbreviation.ts';
import { footnoteDefinition, footnoteReference } from './inline/footnote.ts';
import { mark } from './inline/mark.ts';
import { wikiLink } from './inline/wiki-link.ts';
import { displayMath, inlineMath } from './math-extension.ts';

/** Every feature besides CommonMark and GFM. Of two that fit at the same place, the earlier one is taken. */
export const EXTENSIONS: readonly Extension[] = [
  embedding,
  transclusion,
  code,
  displayMath,
  inlineMath,
  fancyBlock,
  spoiler,
  fold,
  abbreviation,
  footnoteDefinition,
  footnoteReference,
  wikiLink,
  mark,
];
