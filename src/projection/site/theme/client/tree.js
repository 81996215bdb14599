// The tree of pages in the sidebar: lists of links, with a button for what is below. Each folder is loaded when it is opened.
{
  const { root, url: current } = document.body.dataset;
  const loaded = new Map();
  let lists = 0;

  const load = tree => {
    if (!loaded.has(tree)) {
      const loading = fetch(root + tree).then(answer => {
        if (!answer.ok) throw new Error(`${tree}: ${answer.status}`);
        return answer.json();
      });
      loading.catch(() => loaded.delete(tree));
      loaded.set(tree, loading);
    }
    return loaded.get(tree);
  };

  const isOnTheWay = url => current === url || current?.startsWith(`${url}/`);

  const itemOf = entry => {
    const item = document.createElement('li');
    const row = document.createElement('div');
    const link = document.createElement('a');
    link.href = root + entry.url;
    link.textContent = entry.title;
    if (entry.url === current) link.setAttribute('aria-current', 'page');
    if (entry.tree !== undefined) row.append(buttonOf(entry, item));
    row.append(link);
    item.append(row);
    return item;
  };

  const buttonOf = (entry, item) => {
    const button = document.createElement('button');
    button.type = 'button';
    button.className = 'twist';
    button.setAttribute('aria-label', `Pages below ${entry.title}`);
    button.setAttribute('aria-expanded', 'false');
    const toggle = async () => {
      const open = button.getAttribute('aria-expanded') === 'false';
      button.setAttribute('aria-expanded', String(open));
      const list = item.querySelector('ul');
      if (list) list.hidden = !open;
      else if (open)
        await fill(item, entry.tree, button).catch(() => button.setAttribute('aria-expanded', 'false'));
    };
    button.addEventListener('click', toggle);
    item.open = toggle;
    return button;
  };

  const fill = async (parent, tree, button) => {
    const { entries } = await load(tree);
    const list = document.createElement('ul');
    lists += 1;
    list.id = `tree-${lists}`;
    button?.setAttribute('aria-controls', list.id);
    for (const entry of entries) {
      const item = itemOf(entry);
      list.append(item);
      if (entry.tree !== undefined && isOnTheWay(entry.url)) await item.open();
    }
    parent.append(list);
    list.querySelector('[aria-current]')?.scrollIntoView({ block: 'nearest' });
  };

  const tree = document.getElementById('tree');
  if (tree) fill(tree, '-/tree.json').catch(() => {});
}
