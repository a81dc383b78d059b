/** The depth in time, drawn with uPlot; loaded when the first chart is needed. */

import "uplot/dist/uPlot.min.css";

import uPlot from "uplot";

import type { ThemeColours } from "./colours";

export interface ChartContent {
  minutes: number[];
  centimetres: (number | null)[];
  /** Thresholds, cm. */
  lines: number[];
  /** The moment that the scene shows, min. */
  now: () => number;
  number: (value: number, digits?: number) => string;
  height: number;
  colours: ThemeColours;
}

export function drawChart(frame: HTMLElement, content: ChartContent): uPlot {
  const { minutes, centimetres, height } = content;
  const options: uPlot.Options = {
    width: Math.max(frame.clientWidth, 100),
    height,
    legend: { show: false },
    cursor: { show: false },
    scales: { x: { time: false }, y: { range: (_, __, most) => [0, Math.max(most * 1.1, 5)] } },
    axes: [axis(content, "min", 24), axis(content, "cm", 44)],
    series: [
      {},
      { stroke: content.colours.accent, width: 2, fill: `${content.colours.accent}22`, points: { show: false } },
    ],
    hooks: { draw: [(chart) => drawLines(chart, content)] },
  };
  return new uPlot(options, [minutes, centimetres], frame);
}

function axis({ colours, number }: ChartContent, unit: string, size: number): uPlot.Axis {
  return {
    stroke: colours.inkSoft,
    font: `12px ${getComputedStyle(document.body).fontFamily}`,
    grid: { stroke: colours.line, width: 1 },
    ticks: { show: false },
    size,
    gap: 4,
    values: (_, splits) =>
      splits.map((value, at) => `${number(value, 1)}${at === splits.length - 1 ? ` ${unit}` : ""}`),
  };
}

/** Thresholds as dashed lines, and a line at the moment that the scene shows. */
function drawLines(chart: uPlot, { lines, now, colours }: ChartContent): void {
  const { ctx, bbox } = chart;
  ctx.save();
  ctx.lineWidth = devicePixelRatio;
  ctx.strokeStyle = colours.inkSoft;
  ctx.setLineDash([5 * devicePixelRatio, 4 * devicePixelRatio]);
  for (const line of lines) {
    const y = chart.valToPos(line, "y", true);
    if (y > bbox.top) stroke(ctx, bbox.left, y, bbox.left + bbox.width, y);
  }
  ctx.setLineDash([]);
  ctx.lineWidth = 2 * devicePixelRatio;
  ctx.strokeStyle = colours.high;
  const x = chart.valToPos(now(), "x", true);
  stroke(ctx, x, bbox.top, x, bbox.top + bbox.height);
  ctx.restore();
}

function stroke(context: CanvasRenderingContext2D, x1: number, y1: number, x2: number, y2: number): void {
  context.beginPath();
  context.moveTo(x1, y1);
  context.lineTo(x2, y2);
  context.stroke();
}
