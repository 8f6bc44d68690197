import type { BenchReport } from './bench-report';
import { percentile, spreadOf } from './statistics';

/** A frame of a screen that shows sixty a second, with half of another to spare. */
const FRAME_MS = 25;

export interface FrameFigures {
  /** Milliseconds that all frames but the slowest twentieth take at most. */
  p95: number;
  /** Share of the frames within `FRAME_MS`, in percent. */
  smooth: number;
  /** Frames a second. */
  rate: number;
}

/** @param gaps milliseconds from each animation frame to the next */
export function frameFigures(gaps: readonly number[]): FrameFigures {
  return {
    p95: percentile(gaps, 0.95),
    smooth: (gaps.filter((gap) => gap <= FRAME_MS).length * 100) / gaps.length,
    rate: (gaps.length * 1_000) / gaps.reduce((sum, gap) => sum + gap, 0),
  };
}

/** The rows of a report about frames while something is done. */
export function frameRows(doing: string, frames: readonly FrameFigures[]): BenchReport['rows'] {
  return [
    { figure: `frames while ${doing}`, unit: 'a second', spread: spreadOf(frames.map(({ rate }) => rate)) },
    { figure: `frame p95, ${doing}`, unit: 'ms', spread: spreadOf(frames.map(({ p95 }) => p95)) },
    {
      figure: `frames within ${FRAME_MS} ms, ${doing}`,
      unit: '%',
      spread: spreadOf(frames.map(({ smooth }) => smooth)),
    },
  ];
}
