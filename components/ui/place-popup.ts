const GAP_PX = 4;
const EDGE_PX = 8;

/**
 * Puts a popup that lies in the top layer under its anchor, or above where there is more room, inside the window.
 * Sets `left`, `top` and `max-height` on the popup.
 */
export function placePopup(popup: HTMLElement, anchor: HTMLElement, align: 'edge' | 'middle' = 'edge'): void {
  popup.style.maxHeight = '';
  const to = anchor.getBoundingClientRect();
  const { width, height } = popup.getBoundingClientRect();
  const below = window.innerHeight - to.bottom - GAP_PX - EDGE_PX;
  const above = to.top - GAP_PX - EDGE_PX;
  const goesUp = height > below && above > below;
  const room = goesUp ? above : below;
  const shownPx = Math.min(height, room);
  const wanted =
    align === 'middle'
      ? to.left + (to.width - width) / 2
      : to.left + width > window.innerWidth - EDGE_PX
        ? to.right - width
        : to.left;
  const left = Math.min(Math.max(EDGE_PX, wanted), Math.max(EDGE_PX, window.innerWidth - width - EDGE_PX));
  popup.style.left = `${left}px`;
  popup.style.top = `${goesUp ? to.top - GAP_PX - shownPx : to.bottom + GAP_PX}px`;
  popup.style.maxHeight = `${room}px`;
}
