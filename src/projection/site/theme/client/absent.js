// Addresses of Otterwiki have capitals where files have none: what is absent may be there in lower case.
if (document.documentElement.dataset.kind === 'absent') {
  const { pathname } = location;
  let lower = pathname;
  try {
    const base = new URL(document.body.dataset.root, location.href).pathname;
    lower = base + decodeURI(pathname.slice(base.length)).toLowerCase();
  } catch {
    // It is no address of a page.
  }
  const url = new URL(lower, location.origin);
  url.search = location.search;
  url.hash = location.hash;
  if (url.pathname !== pathname && url.origin === location.origin) {
    fetch(url, { method: 'HEAD' }).then(
      answer => answer.ok && location.replace(url),
      () => undefined,
    );
  }
}
