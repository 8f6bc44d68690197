import { DARK_QUERY } from './theme';

/** Runs before the first paint when no theme was chosen, so that no page flashes in the other one. */
export const THEME_SCRIPT = `(function(){var d=document.documentElement;if(!d.dataset.theme)d.dataset.theme=matchMedia('${DARK_QUERY}').matches?'dark':'light'})()`;
