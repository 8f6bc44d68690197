/** Follows the system's theme: a file keeps no preference. */
export function followTheme(): void {
  const media = matchMedia('(prefers-color-scheme: dark)');
  const show = () => {
    document.documentElement.dataset.theme = media.matches ? 'dark' : 'light';
  };
  show();
  media.addEventListener('change', show);
}
