const HOME = '0123456789abcdef0123456789abcde0';
const TASKS = '0123456789abcdef0123456789abcde1';
const WRITE = '0123456789abcdef0123456789abcde2';
const READ = '0123456789abcdef0123456789abcde3';
const TWIN_A = '0123456789abcdef0123456789abcde4';
const TWIN_B = '0123456789abcdef0123456789abcde5';

/** A small export of Notion as "Markdown & CSV": https://www.notion.com/help/export-your-content */
export const NOTION_EXPORT: Record<string, string> = {
  [`Team Home ${HOME}.md`]: [
    '# Team Home',
    '',
    `[Tasks](Team%20Home%20${HOME}/Tasks%20${TASKS}.csv) and [Write: a book?](Team%20Home%20${HOME}/Tasks%20${TASKS}/Write%20a%20book%20${WRITE}.md)`,
    `[by address](https://www.notion.so/Read-${READ}?pvs=4) [other](https://www.notion.so/Gone-${'f'.repeat(32)})`,
    `![pic](Team%20Home%20${HOME}/Untitled.png) [lost](Nowhere%20${'e'.repeat(32)}.md)`,
    `[Twin](Team%20Home%20${HOME}/Twin%20${TWIN_A}.md#top)`,
    '',
    '<aside>',
    '💡 A hint',
    '',
    '</aside>',
    '',
    '```html',
    '<aside>',
    `[x](Team%20Home%20${HOME}/Untitled.png)`,
    '```',
    '',
  ].join('\n'),
  [`Team Home ${HOME}/Untitled.png`]: 'png',
  [`Team Home ${HOME}/Twin ${TWIN_A}.md`]: '# Twin\n',
  [`Team Home ${HOME}/twin ${TWIN_B}.md`]: '# twin\n',
  [`Team Home ${HOME}/Tasks ${TASKS}.csv`]: '\ufeffName,Status,Tags,Related\nRead,Done,"a, b",\n',
  [`Team Home ${HOME}/Tasks ${TASKS}_all.csv`]: `\ufeffName,Status,Tags,Related\n"Write: a book?",In | progress,,"Read (Tasks%20${TASKS}/Read%20${READ}.md), Gone (x.md)"\nRead,Done,"a, b",\nNo page,,,"two\nlines"\n`,
  [`Team Home ${HOME}/Tasks ${TASKS}/Write a book ${WRITE}.md`]:
    '# Write: a book?\n\nStatus: In | progress\nRelated: Read\n\nText: of it\n\nMore: of it\n',
  [`Team Home ${HOME}/Tasks ${TASKS}/Read ${READ}.md`]: '# Read\n\nStatus: Done\nTags: a, b\n\nBody\n',
};

export { HOME, READ, TASKS, TWIN_A, TWIN_B };
