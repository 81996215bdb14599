import { slug } from '../../../render/slug.ts';
import { decodePart, parseDestination } from '../../../wiki/markup/link-target.ts';
import type { ArchiveOptions } from '../archive-options.ts';
import type { Convention } from '../convention.ts';
import type { FileList } from '../file-list.ts';
import { LinkWriter } from '../link/link-writer.ts';
import { type ForeignLink, type LinkRules, rewriteText } from '../link/rewrite-text.ts';
import { isMedia } from '../page-neighbourhood.ts';
import { targetOf } from '../plain.ts';
import { calloutsToAlerts } from './callouts.ts';
import { isNote, VaultIndex } from './vault-index.ts';

const IMAGE = /\.(?:png|jpe?g|gif|svg|webp|avif|bmp)$/i;
const SIZE = /^\d+(?:x\d+)?$/;

/**
 * A vault of Obsidian (https://help.obsidian.md/obsidian-flavored-markdown): its links name notes by the end of their paths, its
 * embeds show pictures and notes, its callouts are alerts. The vault's own folder is left out of paths.
 * @param attachments `attachmentFolderPath` of `.obsidian/app.json`: where the vault keeps its files
 */
export function obsidianConvention(
  { paths }: Pick<FileList, 'paths'>,
  { root, attachments, naming }: { root: string; attachments: string; naming: ArchiveOptions['naming'] },
): Convention {
  const index = new VaultIndex(paths, root);
  const writer = new LinkWriter(naming);
  const kept = /^(?:\.?\/?$|\.\/)/.test(attachments)
    ? undefined
    : `${root}${attachments.replace(/\/*$/, '/')}`;
  return {
    name: 'obsidian',
    target: file => targetOf(index.path(file)),
    keeps: path => (kept !== undefined && path.startsWith(kept)) || (isMedia(path) && path.startsWith(root)),
    text: (text, file, notes) =>
      rewriteText(calloutsToAlerts(text), linkRules({ index, writer, from: index.path(file) }), notes),
  };
}

interface Linking {
  index: VaultIndex;
  writer: LinkWriter;
  /** The note that holds the links, in the vault. */
  from: string;
}

function linkRules(linking: Linking): LinkRules {
  return {
    wiki: link => wikiLink(link, linking),
    markdown: destination => markdownLink(destination, linking),
  };
}

function wikiLink(link: ForeignLink, { index, writer, from }: Linking): string | undefined | null {
  // In tables the pipe is escaped.
  const pipe = link.left.endsWith('\\') && link.right !== undefined ? '\\|' : '|';
  const left = pipe === '\\|' ? link.left.slice(0, -1) : link.left;
  const hash = left.indexOf('#');
  const path = hash < 0 ? left : left.slice(0, hash);
  const anchor = anchorOf(hash < 0 ? '' : left.slice(hash));
  if (path.trim() === '')
    return link.right === undefined || anchor === '' ? undefined : writer.ownLink(anchor, link.right, pipe);
  const file = index.find(path, from);
  if (file === undefined) return null;
  const target = targetOf(index.path(file));
  if (!isNote(index.path(file)))
    return link.isProperty
      ? undefined
      : fileLink(link, target, hash < 0 ? '' : left.slice(hash), { writer, from });
  const isWhole = hash < 0 || anchor !== '';
  if (link.isEmbed && link.isAlone && isWhole) return `!${writer.wikiLink(target, anchor, undefined)}`;
  return writer.wikiLink(target, anchor, link.right ?? left.replace(/#\^.*$/, ''), pipe);
}

/** `#Part#Section` leads to the section; `#^block` has no place of its own here. */
function anchorOf(suffix: string): string {
  const last = suffix.slice(suffix.lastIndexOf('#') + 1).trim();
  return last === '' || last.startsWith('^') ? '' : `#${last}`;
}

function fileLink(
  link: ForeignLink,
  target: string,
  suffix: string,
  { writer, from }: Omit<Linking, 'index'>,
): string | null {
  const destination = writer.relative(targetOf(from), target);
  if (destination === undefined) return null;
  const name = target.slice(target.lastIndexOf('/') + 1);
  const isPicture = link.isEmbed && IMAGE.test(target);
  const given = link.right?.split('|').find(part => !SIZE.test(part.trim()));
  const shown = (given ?? (isPicture ? name.replace(/\.[^.]+$/, '') : name))
    .trim()
    .replace(/[[\]\\]/g, '\\$&');
  return `${isPicture ? '!' : ''}[${shown}](${destination}${isPicture ? '' : suffix})`;
}

/** Obsidian finds the files of these as it finds those of its own links. */
function markdownLink(destination: string, { index, writer, from }: Linking): string | undefined | null {
  const parsed = parseDestination(destination);
  if (parsed === undefined) return undefined;
  const path = parsed.parts.map(decodePart).join('/');
  const near = `${parsed.from === 'root' ? '/' : ''}${path}`;
  const file = index.find(`./${path}`, from) ?? index.find(near, from);
  if (file === undefined) return null;
  const anchor = isNote(index.path(file)) ? anchorOf(decodePart(parsed.suffix)) : parsed.suffix;
  const to = writer.relative(targetOf(from), targetOf(index.path(file)));
  if (to === undefined) return null;
  return `${to}${isNote(index.path(file)) && anchor !== '' ? `#${slug(anchor.slice(1))}` : anchor}`;
}
