// The button for dark colours, and the sidebar as a drawer where there is no room for it.
{
  const root = document.documentElement;
  const modeButton = document.getElementById('mode-button');
  const darkSystem = matchMedia('(prefers-color-scheme: dark)');
  const isDark = () => (root.dataset.mode ?? (darkSystem.matches ? 'dark' : 'light')) === 'dark';
  const showMode = () => modeButton.setAttribute('aria-pressed', String(isDark()));
  modeButton.addEventListener('click', () => {
    root.dataset.mode = isDark() ? 'light' : 'dark';
    try {
      localStorage.setItem('kittiwake-mode', root.dataset.mode);
    } catch {
      // Then it holds for this page.
    }
    showMode();
  });
  darkSystem.addEventListener('change', showMode);
  showMode();

  const drawerButton = document.getElementById('drawer-button');
  const sidebar = document.getElementById('sidebar');
  const rest = document.querySelectorAll('main, .toc, .foot');
  const isOpen = () => drawerButton.getAttribute('aria-expanded') === 'true';
  const setOpen = open => {
    drawerButton.setAttribute('aria-expanded', String(open));
    root.classList.toggle('drawer-open', open);
    for (const each of rest) each.inert = open;
  };
  drawerButton.addEventListener('click', () => {
    setOpen(!isOpen());
    if (isOpen()) sidebar.querySelector('a')?.focus();
  });
  document.addEventListener('keydown', event => {
    if (event.key !== 'Escape' || !isOpen()) return;
    setOpen(false);
    drawerButton.focus();
  });
  document.addEventListener('click', event => {
    if (isOpen() && !event.target.closest('#sidebar, .bar')) setOpen(false);
  });
  matchMedia('(min-width: 900px)').addEventListener('change', () => setOpen(false));
}
