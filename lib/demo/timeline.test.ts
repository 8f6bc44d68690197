import { describe, expect, it } from 'vitest';
import { createSeededRandom } from './seeded-random';
import { createTimeline } from './timeline';

describe('timeline', () => {
  it('runs in order of time, first in first out among equals, and what comes of it in its own time', async () => {
    const timeline = createTimeline();
    const random = createSeededRandom(7);
    const ran: number[] = [];
    const planned = Array.from({ length: 500 }, () => random.integer(0, 100));
    for (const atMs of planned) {
      timeline.at(atMs, async () => {
        ran.push(atMs);
        if (atMs === 50) timeline.at(70, async () => void ran.push(70));
      });
    }
    await timeline.run(100);
    const later = planned.filter((atMs) => atMs === 50).map(() => 70);
    expect(ran).toEqual([...planned, ...later].sort((a, b) => a - b));
  });

  it('leaves what lies beyond the end', async () => {
    const timeline = createTimeline();
    const ran: string[] = [];
    timeline.at(10, async () => void ran.push('due'));
    timeline.at(11, async () => void ran.push('later'));
    await timeline.run(10);
    expect(ran).toEqual(['due']);
    await timeline.run(11);
    expect(ran).toEqual(['due', 'later']);
  });
});
