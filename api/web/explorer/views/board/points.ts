// The points of a scatter plot, and those that nothing smaller or earlier beats.
import type { BoardColumn, Row } from './columns.ts';

export interface Point {
  x: number;
  y: number;
  row: Row;
  group: string;
}

// By rising x.
export function plotted(rows: readonly Row[], score: BoardColumn, axis: 'size' | 'date', by: 'weights' | 'type'): Point[] {
  const points = rows.flatMap((row) => {
    const { parameters, releaseDate } = row.entry.model;
    const x = axis === 'size' ? parameters : releaseDate && Date.parse(releaseDate);
    const y = score.value(row);
    return typeof x === 'number' && (axis === 'date' || x > 0) && typeof y === 'number'
      ? [{ x, y, row, group: groupOf(row, by) }]
      : [];
  });
  return points.sort((a, b) => a.x - b.x || a.y - b.y);
}

export function frontier(points: readonly Point[], best: 'most' | 'least'): Point[] {
  const found: Point[] = [];
  for (const point of points) {
    const last = found.at(-1);
    const better = !last || (best === 'most' ? point.y > last.y : point.y < last.y);
    if (!better) continue;
    if (last?.x === point.x) found.pop();
    found.push(point);
  }
  return found;
}

function groupOf({ entry: { model } }: Row, by: 'weights' | 'type'): string {
  if (by === 'type') return model.modelTypes[0] ?? 'Unknown type';
  return model.openWeights === null ? 'Weights unknown' : model.openWeights ? 'Open weights' : 'Closed weights';
}
