// Search in the browser: shards are loaded one after another while results are shown already.
{
  const { root } = document.body.dataset;
  const input = document.getElementById('search-input');
  const panel = document.getElementById('search-panel');
  const list = document.getElementById('search-results');
  const status = document.getElementById('search-status');
  const MAX_RESULTS = 20;
  const AT_ONCE = 4;
  const pages = [];
  let _loading;
  let progress = 0;
  let active = -1;

  // As foldWords in fold-words.ts does.
  const fold = text =>
    text
      .normalize('NFKD')
      .replace(/[\u0300-\u036f]/g, '')
      .toLowerCase();
  const unspaced = /([\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}])/gu;
  const words = text =>
    fold(text)
      .replace(unspaced, ' $1 ')
      .match(/[\p{L}\p{M}\p{N}]+/gu) ?? [];
  const joined = text => ` ${words(text).join(' ')}`;

  const json = async url => {
    const answer = await fetch(root + url);
    if (!answer.ok) throw new Error(`${url}: ${answer.status}`);
    return await answer.json();
  };

  const take = shard => {
    for (const { u, t, h, w } of shard.pages) {
      pages.push({
        url: u,
        title: t,
        headings: h,
        titleWords: joined(t),
        headingWords: h.map(joined),
        words: ` ${w}`,
      });
    }
  };

  const load = async () => {
    const { shards } = await json('-/search/index.json');
    const waiting = [...shards];
    const work = async () => {
      for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
        take(await json(next));
        progress = (shards.length - waiting.length) / shards.length;
        show();
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
    progress = 1;
    show();
  };

  const begin = () => {
    _loading ??= load().catch(() => {
      _loading = undefined;
      pages.length = 0;
      status.textContent = 'Search cannot be loaded now';
    });
  };

  // A word of the query counts for the best place where a word begins with it; each must be found.
  const scoreOf = (page, terms) => {
    let score = 0;
    for (const term of terms) {
      const start = ` ${term}`;
      if (page.titleWords.includes(start)) score += `${page.titleWords} `.includes(`${start} `) ? 12 : 8;
      else if (page.headingWords.some(each => each.includes(start))) score += 4;
      else if (page.words.includes(start)) score += 1;
      else return 0;
    }
    if (page.titleWords.startsWith(` ${terms.join(' ')}`)) score += 6;
    return score;
  };

  const find = terms => {
    const found = [];
    for (const page of pages) {
      const score = scoreOf(page, terms);
      if (score > 0) found.push({ page, score });
    }
    const order = (a, b) => b.score - a.score || (a.page.title < b.page.title ? -1 : 1);
    return found.sort(order);
  };

  const textWithMarks = (element, text, terms) => {
    for (const part of text.split(/([\p{L}\p{M}\p{N}]+)/u)) {
      const isHit = words(part).some(word => terms.some(term => word.startsWith(term)));
      const node = isHit ? document.createElement('mark') : document.createElement('span');
      node.textContent = part;
      element.append(node);
    }
  };

  const optionOf = ({ page }, index, terms) => {
    const option = document.createElement('a');
    option.href = root + page.url;
    option.id = `result-${index}`;
    option.tabIndex = -1;
    option.setAttribute('role', 'option');
    option.setAttribute('aria-selected', 'false');
    const title = document.createElement('strong');
    textWithMarks(title, page.title, terms);
    const where = document.createElement('small');
    const heading = page.headings.find((_, at) =>
      terms.some(term => page.headingWords[at].includes(` ${term}`)),
    );
    const path = decodeURI(page.url) || 'Home';
    textWithMarks(
      where,
      heading === undefined || heading === page.title ? path : `${path} › ${heading}`,
      terms,
    );
    option.append(title, where);
    return option;
  };

  const show = () => {
    const terms = [...new Set(words(input.value))];
    const isAsked = terms.length > 0 && document.activeElement === input;
    panel.hidden = !isAsked;
    input.setAttribute('aria-expanded', String(isAsked));
    if (!isAsked) return;
    const found = find(terms);
    list.replaceChildren(...found.slice(0, MAX_RESULTS).map((each, index) => optionOf(each, index, terms)));
    list.hidden = found.length === 0;
    choose(found.length > 0 ? Math.max(0, Math.min(active, list.children.length - 1)) : -1);
    const counted = found.length === 1 ? '1 page' : `${found.length} pages`;
    status.textContent =
      progress < 1 ? `${counted} up to now` : found.length === 0 ? 'No page has these words' : counted;
  };

  const choose = index => {
    list.children[active]?.setAttribute('aria-selected', 'false');
    active = index;
    const option = list.children[index];
    if (!option) return input.removeAttribute('aria-activedescendant');
    option.setAttribute('aria-selected', 'true');
    option.scrollIntoView({ block: 'nearest' });
    input.setAttribute('aria-activedescendant', option.id);
  };

  const close = () => {
    panel.hidden = true;
    input.setAttribute('aria-expanded', 'false');
  };

  const keys = {
    ArrowDown: () => choose((active + 1) % list.children.length),
    ArrowUp: () => choose((active - 1 + list.children.length) % list.children.length),
    Enter: () => list.children[active]?.click(),
    Escape: () => {
      if (panel.hidden) input.value = '';
      close();
    },
  };
  input.addEventListener('focus', () => {
    begin();
    show();
  });
  input.addEventListener('input', () => {
    active = 0;
    show();
  });
  input.addEventListener('keydown', event => {
    const action = event.isComposing ? undefined : keys[event.key];
    if (!action || (event.key.startsWith('Arrow') && list.children.length === 0)) return;
    event.preventDefault();
    action();
  });
  document.addEventListener('click', event => {
    if (!event.target.closest('#search')) close();
  });
  document.addEventListener('keydown', event => {
    const isTyping = event.target.closest('input, textarea, select, [contenteditable]');
    if (event.key !== '/' || event.ctrlKey || event.metaKey || event.altKey || isTyping) return;
    event.preventDefault();
    input.focus();
    input.select();
  });
}
