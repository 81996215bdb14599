// Before anything is drawn, so that the page does not flash.
{
  const root = document.documentElement;
  root.classList.add('js');
  try {
    const mode = localStorage.getItem('kittiwake-mode');
    if (mode === 'dark' || mode === 'light') root.dataset.mode = mode;
  } catch {
    // Storage is forbidden: the system's colours then.
  }
}
