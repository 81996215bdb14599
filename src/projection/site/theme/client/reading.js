// What makes a page easier to read: buttons that copy code, tables and code that scroll, and where one is in the contents.
{
  const scrolls = element => {
    if (element.scrollWidth <= element.clientWidth) return element.removeAttribute('tabindex');
    element.tabIndex = 0;
  };

  const boxAround = (element, className) => {
    const box = document.createElement('div');
    box.className = className;
    element.replaceWith(box);
    box.append(element);
    return box;
  };

  for (const box of document.querySelectorAll('.task-list-item-checkbox')) {
    box.setAttribute('aria-label', box.checked ? 'Done' : 'To do');
  }

  const scrolling = [];
  for (const table of document.querySelectorAll('.content table')) {
    if (!table.closest('pre, .scroll, table table')) scrolling.push(boxAround(table, 'scroll'));
  }
  for (const pre of document.querySelectorAll('.content pre')) {
    if (pre.matches('.line-numbers')) continue;
    scrolling.push(pre);
    if (!navigator.clipboard || pre.matches('.mermaid')) continue;
    const button = document.createElement('button');
    button.type = 'button';
    button.className = 'copy';
    button.textContent = 'Copy';
    button.addEventListener('click', async () => {
      const source = pre.querySelector('code') ?? pre;
      await navigator.clipboard.writeText(source.textContent).then(
        () => (button.textContent = 'Copied'),
        () => (button.textContent = 'Not copied'),
      );
      setTimeout(() => (button.textContent = 'Copy'), 2000);
    });
    boxAround(pre.closest('.numbered-code') ?? pre, 'code-box').append(button);
  }
  const measure = () => scrolling.forEach(scrolls);
  addEventListener('resize', measure);
  measure();

  const contents = document.querySelector('.toc details');
  if (contents && !matchMedia('(min-width: 1200px)').matches) contents.open = false;
  const links = new Map();
  for (const link of document.querySelectorAll('.toc a')) {
    links.set(decodeURIComponent(link.hash.slice(1)), link);
  }
  const targets = [...links.keys()].map(id => document.getElementById(id)).filter(Boolean);
  const mark = () => {
    const passed = targets.filter(each => each.getBoundingClientRect().top < 140);
    const current = links.get((passed.at(-1) ?? targets[0])?.id);
    for (const link of links.values()) {
      if (link === current) link.setAttribute('aria-current', 'location');
      else link.removeAttribute('aria-current');
    }
  };
  if (targets.length > 0) {
    const observer = new IntersectionObserver(mark, { rootMargin: '-130px 0px 0px 0px', threshold: [0, 1] });
    for (const each of targets) observer.observe(each);
    mark();
  }
}
