import { DARK_QUERY } from './theme';
import { HOME_ZONE_COOKIE } from './zone-choice';

/**
 * Runs before the first paint: the system's theme where none was chosen, so that no page flashes in the other one, and
 * the browser's time zone for the next page that the server draws.
 */
export const PAGE_SCRIPT = `(function(){var d=document.documentElement;if(!d.dataset.theme)d.dataset.theme=matchMedia('${DARK_QUERY}').matches?'dark':'light';try{document.cookie='${HOME_ZONE_COOKIE}='+Intl.DateTimeFormat().resolvedOptions().timeZone+';path=/;max-age=31536000;samesite=lax'}catch(e){}})()`;
